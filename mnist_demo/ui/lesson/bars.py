"""Ten bars, and a calculation line by line: what the lesson shows of numbers, as HTML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

STYLE = Markup("""<style>
.ten { display: grid; grid-template-columns: auto minmax(3rem, 1fr) auto; gap: 0.15rem 0.6rem; margin: 0;
  align-items: center; max-width: 40rem; font-variant-numeric: tabular-nums; }
.ten.sums { grid-template-columns: auto auto minmax(3rem, 1fr) auto; }
.ten b { font-size: 1.2rem; line-height: 1.3; }
.ten i { display: block; height: 1.1rem; border-radius: 0.2rem; background: var(--fill-chosen);
  min-width: 2px; }
.ten .other { background: var(--border); }
.ten span { text-align: right; }
.calculation { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: 0.25rem 0; }
.calculation td { border: 0; padding: 0.15rem 1rem 0.15rem 0; }
.calculation td:last-child { text-align: right; padding-right: 0; }
.calculation tr.total td { border-top: 1px solid var(--border); font-weight: 600; }
</style>""")


def ten_bars_html(
    shares: Sequence[float], written: Sequence[str], alt: str, marked: int, sums: Sequence[str] = ()
) -> Markup:
    """Draw a bar for each digit.

    Args:
        shares: Its length, 0 to 1.
        written: What stands behind it.
        alt: What the bars say, in words.
        marked: The digit whose bar has a colour.
        sums: What stands before it; nothing if empty.
    """
    rows = [
        Markup("<b>{}</b>{}<i class='{}' style='width:{}%'></i><span>{}</span>").format(
            digit,
            Markup("<span>{}</span>").format(sums[digit]) if sums else "",
            "" if digit == marked else "other",
            f"{100 * share:.2f}",
            text,
        )
        for digit, (share, text) in enumerate(zip(shares, written, strict=True))
    ]
    kind = "ten sums" if sums else "ten"
    return STYLE + Markup('<div class="{}" role="img" aria-label="{}">{}</div>').format(
        kind, alt, Markup().join(rows)
    )


def calculation_html(lines: Iterable[tuple[str, str]], totals: Iterable[tuple[str, str]]) -> Markup:
    """Write a calculation: what is added, and below a line what comes of it."""
    row = Markup('<tr class="{}"><td>{}</td><td>{}</td></tr>')
    rows = [row.format("", *line) for line in lines] + [row.format("total", *total) for total in totals]
    return STYLE + Markup('<table class="calculation">{}</table>').format(Markup().join(rows))
