"""A plan in words and figures, as ``unio train CONFIG --plan`` prints it."""

from unio.train.plan import Plan

__all__ = ["describe_plan"]

SECONDS_A_DAY = 86400


def describe_plan(plan: Plan, *, peak_flops: float, mfu: float) -> str:
    """Lines of parameters, memory on one device, work of a step, and time at the stated speed."""
    memory = plan.memory
    seconds = plan.seconds_per_step(peak_flops=peak_flops, mfu=mfu)
    days = seconds * plan.steps / SECONDS_A_DAY
    parts = ", ".join(f"{part} {_millions(count)}" for part, count in plan.parameters.items())
    states = ", ".join(
        f"{name} {_gigabytes(value)}"
        for name, value in (
            ("weights", memory.weights),
            ("gradients", memory.gradients),
            ("optimiser", memory.optimiser),
            ("average", memory.average),
        )
    )
    layout = f"{plan.devices} device{'s' if plan.devices > 1 else ''}"
    if plan.replicas > 1:
        layout += f" in {plan.replicas} replicas"
    return "\n".join(
        [
            plan.name,
            f"  parameters    {_millions(plan.total_parameters)}: {parts}",
            f"  trained       {_millions(plan.trained)}",
            f"  states        {_gigabytes(memory.states)} a device, on {layout}: {states}",
            f"  activations   {_gigabytes(memory.activations)} a device (estimated)",
            f"  together      {_gigabytes(memory.total)} a device",
            f"  a step        {plan.examples:,} examples, {plan.positions:,} positions of which "
            f"{plan.target_tokens:,} target tokens, {plan.flops:.3g} FLOPs",
            f"  speed         {plan.positions / seconds:,.0f} positions/s, "
            f"{plan.target_tokens / seconds:,.0f} target tokens/s at MFU {mfu:g} of "
            f"{peak_flops / 1e12:g} TFLOP/s each",
            f"  time          {seconds:.3g} s a step, {days:.3g} days for {plan.steps:,} steps",
        ]
    )


def _millions(count: int) -> str:
    return f"{count / 1e6:,.1f} M"


def _gigabytes(count: float) -> str:
    return f"{count / 1e9:,.2f} GB"
