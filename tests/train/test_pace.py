from unio.train.pace import pace_at
from unio.train.schedule import ScheduleConfig


def test_a_pace_is_the_schedules_share_and_the_share_of_steps_done() -> None:
    pace = pace_at(ScheduleConfig(kind="linear"), step=3, total_steps=4)
    assert (pace.rate_share, pace.progress) == (0.25, 0.75)
