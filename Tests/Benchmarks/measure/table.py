"""The lines that a figure is reported in."""

import math
import statistics


def heading(text):
    print(f"\n{text}", flush=True)


def line(title, figure, unit, at_most=None, at_least=None):
    """One figure, the goal it has, and MISSED where it does not reach it."""
    goal = missed = ""
    if at_most is not None:
        goal, missed = f"goal: at most {at_most} {unit}", figure > at_most
    if at_least is not None:
        goal, missed = f"goal: at least {at_least} {unit}", figure < at_least
    print(f"  {title:<46} {shown(figure):>9} {unit:<5} {goal}{'   MISSED' if missed else ''}".rstrip(), flush=True)


def note(text):
    print(f"  {text}", flush=True)


def shown(figure):
    """Three significant digits, and no more after the point than are worth it."""
    if isinstance(figure, int) or abs(figure) >= 100:
        return f"{figure:,.0f}"
    return f"{figure:.2f}" if abs(figure) < 10 else f"{figure:.1f}"


def median(values):
    return statistics.median(values)


def percentile(values, part):
    """The smallest value that so many of the values do not pass."""
    return sorted(values)[max(0, math.ceil(len(values) * part) - 1)]
