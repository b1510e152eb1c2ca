// Reads the drawing while the pen still moves: the canvas is another component, and lies in an open shadow root.

const INK_SIDE = 280; // pixels of a drawing, whatever its size on the screen
const FAINT = 4; // brightness of a pixel that is no ink, as in data/preprocessing.py

class Ink {
  constructor() {
    const paper = Object.assign(document.createElement("canvas"), { width: INK_SIDE, height: INK_SIDE });
    this.paper = paper.getContext("2d", { willReadFrequently: true });
  }

  get host() {
    return document.querySelector(`.st-key-${this.key} [data-testid=stBidiComponentIsolated]`);
  }

  isHit(event) {
    return event.composedPath().includes(this.host); // events of a shadow root say they come from its host
  }

  // A byte of brightness for each pixel, row by row; null while there is no canvas. What the pen is drawing lies on a
  // layer above what it has drawn.
  read() {
    const layers = this.host?.shadowRoot?.querySelectorAll("canvas.lower-canvas, canvas.upper-canvas") ?? [];
    if (!layers.length) return null;
    this.paper.fillStyle = "#000";
    this.paper.fillRect(0, 0, INK_SIDE, INK_SIDE);
    for (const layer of layers) this.paper.drawImage(layer, 0, 0, INK_SIDE, INK_SIDE);
    const { data } = this.paper.getImageData(0, 0, INK_SIDE, INK_SIDE);
    const ink = new Uint8Array(INK_SIDE * INK_SIDE);
    for (let pixel = 0; pixel < ink.length; pixel++) ink[pixel] = data[4 * pixel];
    return ink;
  }
}

// Not to the last bit: a browser that hides what computer it runs on flips some each time a canvas is read.
function isSame(one, other) {
  return one !== null && other !== null && one.length === other.length
    && one.every((value, place) => Math.abs(value - other[place]) <= FAINT);
}
