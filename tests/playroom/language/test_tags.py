from unio.playroom.language import tags


def test_tags_are_the_attributes_in_view(told):
    for one in told:
        things = [one.scene.things[index] for index in one.seen]
        shapes, colours, materials = (
            sorted({getattr(thing, name) for thing in things}) for name in ("shape", "colour", "material")
        )
        assert list(tags(one.sight)) == shapes + colours + materials
