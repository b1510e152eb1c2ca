// The wall: a tile for each drawing. Before the reveal it only tells who has drawn; after it, what was read.

const SIDE_PIXELS = 28;
const ORDER = ["right", "unsure", "wrong"];
const GAP_PIXELS = 6;
const MAX_TILE_SHARE = 0.28; // of the screen's height: a few tiles do not become posters
const MIN_TILE_PIXELS = 34;
const TITLE_PIXELS = 48; // over each of two walls
const ROOM_FOR_WORDS_PIXELS = 84; // from which size on a tile has room for what was read

// The largest side with which so many squares have their room.
function fitSide(count, width, height) {
  let best = MIN_TILE_PIXELS;
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const side = Math.min((width + GAP_PIXELS) / columns, (height + GAP_PIXELS) / rows) - GAP_PIXELS;
    best = Math.max(best, side);
  }
  return Math.floor(Math.min(best, MAX_TILE_SHARE * innerHeight));
}

function unpackImage(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

function paintImage(canvas, text) {
  const grey = unpackImage(text);
  const image = new ImageData(SIDE_PIXELS, SIDE_PIXELS);
  grey.forEach((value, place) => image.data.set([value, value, value, 255], 4 * place));
  canvas.width = canvas.height = SIDE_PIXELS;
  canvas.getContext("2d").putImageData(image, 0, 0);
}

class Wall {
  constructor(place, tell, choose) {
    Object.assign(this, { place, tell, choose });
    this.tiles = new Map();
  }

  show(tiles, isOrdered = false) {
    const known = new Set();
    const ordered = isOrdered ? tiles : [...tiles].sort((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict) || a.seat - b.seat);
    const elements = ordered.map((tile) => {
      known.add(tile.id);
      return this.element(tile);
    });
    for (const id of this.tiles.keys()) if (!known.has(id)) this.tiles.delete(id);
    const isSame = elements.length === this.place.children.length && elements.every((one, at) => one === this.place.children[at]);
    if (!isSame) this.place.replaceChildren(...elements);
    this.fit();
  }

  element(tile) {
    const sign = JSON.stringify(tile) + document.documentElement.lang;
    const before = this.tiles.get(tile.id);
    if (before?.sign === sign) return before.element;
    const element = tile.image ? this.picture(tile) : this.counted(tile);
    this.tiles.set(tile.id, { sign, element });
    return element;
  }

  counted(tile) {
    const element = document.createElement("span");
    element.className = "class-tile counted";
    element.setAttribute("role", "img");
    element.setAttribute("aria-label", this.tell(tile));
    element.style.setProperty("--seat", tile.color);
    element.append(tile.symbol);
    return element;
  }

  picture(tile) {
    const element = document.createElement("button");
    element.type = "button";
    element.className = `class-tile ${tile.verdict ?? "held"} ${tile.flip ?? ""}`;
    element.dataset.tile = tile.id;
    element.setAttribute("aria-label", this.tell(tile));
    element.title = this.tell(tile);
    const canvas = document.createElement("canvas");
    paintImage(canvas, tile.image);
    const caption = document.createElement("span");
    caption.className = "class-tile-words";
    caption.style.setProperty("--seat", tile.color);
    caption.append(Object.assign(document.createElement("i"), { textContent: tile.symbol }));
    if (tile.verdict) caption.append(Object.assign(document.createElement("b"), { textContent: tile.verdict === "unsure" ? "?" : tile.read }));
    element.append(canvas, caption);
    element.addEventListener("click", () => this.choose(tile.id));
    return element;
  }

  // As large as the room allows: in projector view what is left of the screen, else two thirds of it.
  fit(walls = 1) {
    const count = this.place.children.length;
    if (!count) return;
    const { width, top } = this.place.getBoundingClientRect();
    const isProjector = document.documentElement.classList.contains("projector-view");
    const left = innerHeight - Math.max(0, top) - 16;
    const height = isProjector ? Math.max(left, 160) : 0.66 * innerHeight;
    const side = fitSide(count, width, walls > 1 ? height / walls - TITLE_PIXELS : height);
    this.place.style.setProperty("--tile", `${side}px`);
    this.place.classList.toggle("roomy", side >= ROOM_FOR_WORDS_PIXELS);
  }

  // The same drawings on two walls are compared at one size.
  match({ place }) {
    this.place.style.setProperty("--tile", place.style.getPropertyValue("--tile"));
    this.place.classList.toggle("roomy", place.classList.contains("roomy"));
  }
}
