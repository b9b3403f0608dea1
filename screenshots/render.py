#!/usr/bin/env python3
"""Draws the text of a terminal, colours and all, as a PNG.

    tmux capture-pane -e -p -N | screenshots/render.py OUT.png [--light] [--cursor X,Y]

Reads the escapes that `tmux capture-pane -e` writes. Lines and blocks are drawn from cell edge to cell edge,
so that frames have no gaps; all else comes from the monospace font that fontconfig prefers, and what that
lacks from the font that fontconfig names for the character.
"""

import argparse
import functools
import re
import subprocess
import sys
import unicodedata
from dataclasses import dataclass, replace

try:
    from PIL import Image, ImageDraw, ImageFont
except ImportError:
    sys.exit("Pillow is not installed: apt install python3-pil, or pip install Pillow")

FONT_SIZE = 20  # pixels; DejaVu Sans Mono is then 12 wide, to a hair
MARGIN = 12  # pixels around the screen
SHADES = 8  # steps from background to ink: few enough that the picture fits one palette

DARK = {"ink": (0xD4, 0xD7, 0xDD), "paper": (0x15, 0x18, 0x1E)}
LIGHT = {"ink": (0x24, 0x29, 0x2F), "paper": (0xFF, 0xFF, 0xFF)}
SIXTEEN = [
    tuple(bytes.fromhex(code))
    for code in (
        "1d2027 d54e53 5fae4f d7a53b 4f8fd9 b877db 3fb5b5 c8ccd4 "
        "6b7280 f07178 8fd06b f2cc60 7cb7ff d7a1f5 6fdede ffffff"
    ).split()
]


@dataclass(frozen=True)
class Style:
    """How a cell is drawn. A colour is a number below 256, an (r, g, b), or None for the terminal's own."""

    ink: object = None
    paper: object = None
    bold: bool = False
    dim: bool = False
    italic: bool = False
    underline: bool = False
    reverse: bool = False
    strike: bool = False


@dataclass
class Cell:
    text: str
    style: Style
    width: int


# --- reading -----------------------------------------------------------------------------------------------

COLOURS = r"\x1b\[([0-9;:]*)m"
OTHER_ESCAPES = r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-9;?]*[A-Za-z]"
TOKEN = re.compile(rf"{COLOURS}|{OTHER_ESCAPES}|(\x0e|\x0f)|(.)", re.DOTALL)
LINE_DRAWING = str.maketrans("lqkxmjtuvwn", "┌─┐│└┘├┤┴┬┼")
SWITCHES = {
    1: {"bold": True}, 2: {"dim": True}, 3: {"italic": True}, 4: {"underline": True}, 7: {"reverse": True},
    9: {"strike": True}, 21: {"underline": True}, 22: {"bold": False, "dim": False}, 23: {"italic": False},
    24: {"underline": False}, 27: {"reverse": False}, 29: {"strike": False}, 39: {"ink": None},
    49: {"paper": None},
}  # fmt: skip


def read_screen(text):
    """The rows of cells in a capture. tmux carries the style from one line to the next, and so does this."""
    style, rows, line_drawing = Style(), [], False
    for line in text.rstrip("\n").split("\n"):
        row = []
        for codes, shift, character in (match.groups() for match in TOKEN.finditer(line)):
            if codes is not None:
                style = restyle(style, codes)
            elif shift:
                line_drawing = shift == "\x0e"
            elif character:
                append(row, character.translate(LINE_DRAWING) if line_drawing else character, style)
        rows.append(row)
    return rows


def append(row, character, style):
    width = columns(character)
    if width:
        row.append(Cell(character, style, width))
        row.extend([None] * (width - 1))
    elif cells := [cell for cell in row[-2:] if cell]:
        cells[-1].text += character


def columns(character):
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def restyle(style, codes):
    """The style after the numbers of one SGR sequence."""
    numbers = [[int(part or 0) for part in code.split(":")] for code in codes.split(";")]
    while numbers:
        code, *rest = numbers.pop(0)
        if code == 0:
            style = Style()
        elif code in (38, 48, 58):
            colour = extended_colour(rest or [part for number in numbers for part in number])
            if not rest:
                del numbers[: 4 if isinstance(colour, tuple) else 2]
            if code != 58:
                style = replace(style, **{"ink" if code == 38 else "paper": colour})
        elif code == 4 and rest == [0]:
            style = replace(style, underline=False)
        elif code in SWITCHES:
            style = replace(style, **SWITCHES[code])
        elif (place := code // 10) in (3, 4, 9, 10) and code % 10 < 8:
            field = "ink" if place in (3, 9) else "paper"
            style = replace(style, **{field: code % 10 + (8 if place > 4 else 0)})
    return style


def extended_colour(parts):
    if parts[:1] == [5]:
        return parts[1]
    return tuple(parts[-3:] if len(parts) == 5 else parts[1:4])


# --- colours -----------------------------------------------------------------------------------------------


def rgb(colour):
    if isinstance(colour, tuple):
        return colour
    if colour < 16:
        return SIXTEEN[colour]
    if colour >= 232:
        return (8 + 10 * (colour - 232),) * 3
    steps = (0, 95, 135, 175, 215, 255)
    return tuple(steps[(colour - 16) // weight % 6] for weight in (36, 6, 1))


def colours(style, theme):
    """The ink and the paper of a style, as (r, g, b)."""
    ink = theme["ink"] if style.ink is None else rgb(style.ink)
    paper = theme["paper"] if style.paper is None else rgb(style.paper)
    if style.reverse:
        ink, paper = paper, ink
    if style.dim:
        ink = tuple((a + b) // 2 for a, b in zip(ink, paper))
    return ink, paper


# --- fonts -------------------------------------------------------------------------------------------------


@functools.lru_cache(None)
def load(pattern, size):
    """The font that fontconfig names for a pattern, and whether its pictures are in colour."""
    command = ["fc-match", "-f", "%{file}|%{index}|%{color}", pattern]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except FileNotFoundError:
        sys.exit("fc-match is not installed: apt install fontconfig")
    path, index, colour = answer.split("|")
    if colour == "True":
        size = 109  # the one size that colour emoji come in; they are scaled to the cell
    return ImageFont.truetype(path, size, index=int(index or 0) & 0xFFFF), colour == "True"


def holds(font, character):
    """Whether a font has a picture for a character, other than its picture for what it lacks."""
    lacking, mask = font.getmask("\uffff"), font.getmask(character)
    return (mask.size, bytes(mask)) != (lacking.size, bytes(lacking))


@functools.lru_cache(None)
def font_for(character, bold, italic, size):
    face = (":bold" if bold else "") + (":italic" if italic else "")
    font = load("monospace" + face, size)
    if holds(font[0], character):
        return font
    wanted = f"monospace{face}:lang=ja:charset={ord(character):x}"
    emoji = f"emoji:charset={ord(character):x}"
    for pattern in (emoji, wanted) if unicodedata.category(character) == "So" else (wanted, emoji):
        font = load(pattern, size)
        if holds(font[0], character):
            return font
    sys.exit(
        f"no font has {character!r}: "
        "apt install fonts-dejavu-core fonts-noto-cjk fonts-noto-color-emoji"
    )


# --- lines and blocks --------------------------------------------------------------------------------------

SIDES = {"LEFT": "L", "RIGHT": "R", "UP": "U", "DOWN": "D", "HORIZONTAL": "LR", "VERTICAL": "UD"}


@functools.lru_cache(None)
def arms(character):
    """Which edges a box-drawing character reaches, and how heavily, read off its Unicode name."""
    name = unicodedata.name(character, "") if len(character) == 1 else ""
    found = re.fullmatch(r"BOX DRAWINGS (?:(LIGHT|HEAVY) )?(?:ARC )?((?:\w+)(?: AND \w+)?)", name)
    if not found or not found[1]:
        return None
    sides = found[2].split(" AND ")
    if not all(side in SIDES for side in sides):
        return None
    return "".join(SIDES[side] for side in sides), found[1] == "HEAVY"


def draw_box(draw, box, character, ink):
    """Draws a line or block from edge to edge; false when it is neither."""
    left, top, right, bottom = box
    if character == "█":
        draw.rectangle((left, top, right - 1, bottom - 1), fill=ink)
        return True
    if character in "▁▂▃▄▅▆▇":
        height = (bottom - top) * (ord(character) - 0x2580) // 8
        draw.rectangle((left, bottom - height, right - 1, bottom - 1), fill=ink)
        return True
    if not (reach := arms(character)):
        return False
    sides, heavy = reach
    thick = 4 if heavy else 2
    x, y = (left + right - thick) // 2, (top + bottom - thick) // 2
    lines = {
        "L": (left, y, x + thick - 1, y + thick - 1), "R": (x, y, right - 1, y + thick - 1),
        "U": (x, top, x + thick - 1, y + thick - 1), "D": (x, y, x + thick - 1, bottom - 1),
    }  # fmt: skip
    for side in sides:
        draw.rectangle(lines[side], fill=ink)
    return True


# --- drawing -----------------------------------------------------------------------------------------------


class Painter:
    """Draws cells on a grid."""

    def __init__(self, columns, rows, theme):
        self.theme = theme
        font, _ = load("monospace", FONT_SIZE)
        ascent, descent = font.getmetrics()
        self.width, self.height, self.baseline = round(font.getlength("M")), ascent + descent, ascent
        size = (columns * self.width + 2 * MARGIN, rows * self.height + 2 * MARGIN)
        self.image = Image.new("RGB", size, theme["paper"])
        self.draw = ImageDraw.Draw(self.image)
        step = 255 / (SHADES - 1)
        self.shades = [round(round(level / step) * step) for level in range(256)]

    def paint(self, column, row, cell):
        left, top = MARGIN + column * self.width, MARGIN + row * self.height
        right, bottom = left + cell.width * self.width, top + self.height
        ink, paper = colours(cell.style, self.theme)
        self.draw.rectangle((left, top, right - 1, bottom - 1), fill=paper)
        if cell.text != " " and not draw_box(self.draw, (left, top, right, bottom), cell.text, ink):
            self.glyph(left, top, cell, ink)
        if cell.style.underline:
            self.rule(left, right, top + self.baseline + 2, ink)
        if cell.style.strike:
            self.rule(left, right, top + self.height // 2, ink)

    def rule(self, left, right, y, ink):
        self.draw.rectangle((left, y, right - 1, y), fill=ink)

    def glyph(self, left, top, cell, ink):
        room = (cell.width * self.width, self.height)
        picture, is_coloured = self.picture(cell.text, cell.style.bold, cell.style.italic, room)
        if is_coloured:
            self.image.paste(picture, (left, top), picture)
        else:
            self.image.paste(ink, (left, top, left + room[0], top + room[1]), picture)

    @functools.lru_cache(None)
    def picture(self, text, bold, italic, room):
        """What a cell's text looks like: a mask, or the picture itself for an emoji."""
        size = FONT_SIZE
        font, is_coloured = font_for(text[0], bold, italic, size)
        if is_coloured:
            return self.emoji(text[0], font, room), True
        while font.getlength(text) > room[0] + 1:
            size -= 1
            font, _ = font_for(text[0], bold, italic, size)
        mask = Image.new("L", room, 0)
        inset = max(0, (room[0] - font.getlength(text)) / 2)
        ImageDraw.Draw(mask).text((round(inset), self.baseline), text, font=font, fill=255, anchor="ls")
        return mask.point(self.shades), False

    def emoji(self, character, font, room):
        side = min(room)
        large = Image.new("RGBA", (136, 128))
        ImageDraw.Draw(large).text((0, 0), character, font=font, embedded_color=True, anchor="lt")
        cut = large.crop(large.getbbox())
        cut.thumbnail((side, side), Image.Resampling.LANCZOS)
        picture = Image.new("RGBA", room)
        picture.paste(cut, ((room[0] - cut.width) // 2, (room[1] - cut.height) // 2))
        return picture


def render(text, path, theme=DARK, cursor=None):
    """Draws a capture as a PNG at `path`, with a block at the (column, row) of the cursor."""
    indexed(draw(text, theme, cursor)).save(path, optimize=True)


def animate(captures, path, theme=DARK):
    """Draws (text, milliseconds) captures one after the other, over and over, as a GIF at `path`."""
    images = [draw(text, theme) for text, _ in captures]
    # One palette for all, so that what does not change between two pictures need not be stored again.
    palette = images[-1].quantize(255, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    first, *others = [image.quantize(palette=palette, dither=Image.Dither.NONE) for image in images]
    first.save(path, save_all=True, append_images=others, loop=0, optimize=True, duration=[pause for _, pause in captures])


def draw(text, theme=DARK, cursor=None):
    """The picture of a capture."""
    rows = read_screen(text)
    if cursor:
        show_cursor(rows, *cursor)
    painter = Painter(max(map(len, rows)), len(rows), theme)
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            if cell:
                painter.paint(x, y, cell)
    return painter.image


def show_cursor(rows, column, row):
    cells = rows[row]
    cells.extend(Cell(" ", Style(), 1) for _ in range(column + 1 - len(cells)))
    if cell := cells[column]:
        cell.style = replace(cell.style, reverse=not cell.style.reverse)


def indexed(image):
    """The same picture with a palette: exact while it has up to 256 colours, as near as can be beyond."""
    found = image.getcolors(256)
    if not found:
        return image.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for _, colour in sorted(found, reverse=True) for part in colour])
    return image.quantize(palette=palette, dither=Image.Dither.NONE)


def point(text):
    column, row = text.split(",")
    return int(column), int(row)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("path", metavar="OUT.png")
    arguments.add_argument("--light", action="store_true", help="a light terminal")
    arguments.add_argument("--cursor", type=point, metavar="X,Y", help="draw a cursor there")
    options = arguments.parse_args()
    text = sys.stdin.buffer.read().decode("utf-8", "replace")
    render(text, options.path, LIGHT if options.light else DARK, options.cursor)


if __name__ == "__main__":
    main()
