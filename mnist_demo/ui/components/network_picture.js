// Draws a network on one canvas element: the image that it sees, the weights of its first layer lit by what they
// answer, the layers above, and the strongest links between them and to the ten digits.

const IMAGE_PIXELS = 28;
const ATLAS_COLUMNS = 16;
const REST_LIGHT = 0.6; // of the weights while nothing is drawn
const IDLE_LIGHT = 0.3; // of a neuron that does not respond
const FRAMED_FROM = 0.35;
const CAPTION_GAP = 6; // pixels between two captions

class NetworkPicture {
  constructor(canvas, colours) {
    this.canvas = canvas;
    this.colours = mixColours(colours);
    this.marked = null; // layer and place of the neuron that the keyboard is on
    this.image = null;
    this.answer = null;
  }

  setNetwork(network, words) {
    this.network = network;
    const weights = unpack(network.weights, Int8Array);
    const count = network.shown[0].length;
    const rows = Math.ceil(count / ATLAS_COLUMNS);
    const side = ATLAS_COLUMNS * IMAGE_PIXELS;
    const sheet = new Int8Array(side * rows * IMAGE_PIXELS);
    for (let neuron = 0; neuron < count; neuron++) {
      const corner = Math.floor(neuron / ATLAS_COLUMNS) * IMAGE_PIXELS * side + (neuron % ATLAS_COLUMNS) * IMAGE_PIXELS;
      for (let row = 0; row < IMAGE_PIXELS; row++) {
        const from = (neuron * IMAGE_PIXELS + row) * IMAGE_PIXELS;
        sheet.set(weights.subarray(from, from + IMAGE_PIXELS), corner + row * side);
      }
    }
    this.atlas = paintValues(sheet, side, rows * IMAGE_PIXELS, this.colours.signed, this.atlas);
    this.captions = network.is_direct ? [words.outputs] : network.shown.map((shown, layer) =>
      (shown.length < network.sizes[layer] ? words.layer_part : words.layer)
        .replace("{shown}", shown.length).replace("{neurons}", network.sizes[layer]));
  }

  setAnswer(answer) {
    this.answer = answer;
    this.image = answer && paintValues(unpack(answer.frame, Uint8Array), IMAGE_PIXELS, IMAGE_PIXELS,
      this.colours.grey, this.image ?? undefined);
    this.activations = answer?.activations.map((layer) => unpack(layer, Uint8Array));
  }

  // Where everything stands, in pixels of the page; `exits` are the heights at which the ten bars lie beside it.
  arrange(width, height, exits) {
    const text = parseFloat(getComputedStyle(this.canvas).fontSize);
    const bottom = height - 1.8 * text; // below it there are captions
    const image = Math.min(0.22 * width, bottom - 8);
    const [first, ...others] = this.network.shown.map((shown) => shown.length);
    const right = exits ? width : width - 26;
    const gap = (0.18 * width) / (others.length + 1);
    let edge = right - gap;
    const above = others.map((count) => fitCells(count, (0.15 * width) / Math.sqrt(others.length), bottom));
    const columns = above.reduceRight((placed, grid) => {
      edge -= grid.columns * grid.side;
      const whole = [stand(grid, edge, bottom), ...placed];
      edge -= gap;
      return whole;
    }, []);
    const left = image + 0.06 * width;
    const grid = this.network.is_direct ? pairOutputs(first, edge - left, bottom) : fitCells(first, edge - left, bottom);
    const firstLeft = left + (edge - left - grid.columns * grid.side) / 2;
    this.places = {
      image: { left: 0, top: (bottom - image) / 2, side: image },
      layers: [stand(grid, firstLeft, bottom), ...columns],
      exits: (exits ?? Array.from({ length: 10 }, (_, digit) => ((digit + 0.5) * bottom) / 10)).map((y) => ({ x: right, y })),
      bottom,
      text,
    };
  }

  cell(layer, place) {
    const { columns, side, left, top } = this.places.layers[layer - 1];
    return { x: left + (place % columns) * side, y: top + Math.floor(place / columns) * side, side };
  }

  // The neuron at a point, as layer and place; null where there is none.
  find(x, y) {
    for (const [index, { columns, side, left, top, count }] of (this.places?.layers ?? []).entries()) {
      const [column, row] = [Math.floor((x - left) / side), Math.floor((y - top) / side)];
      const place = row * columns + column;
      if (column >= 0 && column < columns && row >= 0 && place < count) return { layer: index + 1, place };
    }
    return null;
  }

  draw(exits, words) {
    if (!this.network) return;
    const { width, height } = this.canvas.getBoundingClientRect();
    if (!width || !height) return;
    const scale = window.devicePixelRatio || 1;
    const [across, down] = [Math.round(width * scale), Math.round(height * scale)];
    if (this.canvas.width !== across || this.canvas.height !== down) Object.assign(this.canvas, { width: across, height: down });
    const pen = this.canvas.getContext("2d");
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, width, height);
    this.arrange(width, height, exits);
    this.drawImage(pen);
    this.drawFirst(pen);
    this.places.layers.slice(1).forEach((_, index) => this.drawLayer(pen, index + 2));
    this.drawLinks(pen);
    if (!exits) this.drawDigits(pen);
    this.drawCaptions(pen, words);
    this.drawMark(pen);
  }

  drawImage(pen) {
    const { left, top, side } = this.places.image;
    pen.imageSmoothingEnabled = false;
    pen.fillStyle = "#000";
    pen.fillRect(left, top, side, side);
    if (this.image) pen.drawImage(this.image, left, top, side, side);
    pen.strokeStyle = "rgba(255, 255, 255, 0.35)";
    pen.lineWidth = 1;
    pen.strokeRect(left + 0.5, top + 0.5, side - 1, side - 1);
  }

  drawFirst(pen) {
    pen.imageSmoothingEnabled = true;
    for (let place = 0; place < this.places.layers[0].count; place++) {
      const { x, y, side } = this.cell(1, place);
      const light = this.activations ? this.activations[0][place] / 255 : null;
      pen.globalAlpha = light === null ? REST_LIGHT : light ? IDLE_LIGHT + (1 - IDLE_LIGHT) * Math.min(1, 0.25 + light) : IDLE_LIGHT;
      const [column, row] = [place % ATLAS_COLUMNS, Math.floor(place / ATLAS_COLUMNS)];
      pen.drawImage(this.atlas, column * IMAGE_PIXELS, row * IMAGE_PIXELS, IMAGE_PIXELS, IMAGE_PIXELS, x + 1, y + 1, side - 2, side - 2);
      if (light > FRAMED_FROM) {
        pen.globalAlpha = light;
        pen.strokeStyle = "#fff";
        pen.lineWidth = 1.25;
        pen.strokeRect(x + 1, y + 1, side - 2, side - 2);
      }
    }
    pen.globalAlpha = 1;
  }

  drawLayer(pen, layer) {
    for (let place = 0; place < this.places.layers[layer - 1].count; place++) {
      const { x, y, side } = this.cell(layer, place);
      const light = (this.activations?.[layer - 1][place] ?? 0) / 255;
      const shade = [27, 225, 34, 236, 48, 255];
      pen.fillStyle = `rgb(${[0, 2, 4].map((at) => shade[at] + light * (shade[at + 1] - shade[at])).join(",")})`;
      pen.beginPath();
      pen.roundRect(x + 1.5, y + 1.5, side - 3, side - 3, side / 5);
      pen.fill();
    }
  }

  drawLinks(pen) {
    if (!this.answer) return;
    const { left, top, side } = this.places.image;
    const { positive, negative } = this.colours;
    pen.lineCap = "round";
    for (const [layer, source, target, share] of [...this.answer.links].reverse()) {
      const from = this.cell(layer, source);
      const to = layer < this.places.layers.length ? this.cell(layer + 1, target) : null;
      const start = { x: from.x + from.side, y: from.y + from.side / 2 };
      const end = to ? { x: to.x, y: to.y + to.side / 2 } : this.places.exits[target];
      if (layer === 1) this.drawBeam(pen, left + side, top + side / 2, from);
      const colour = share > 0 ? positive : negative;
      pen.strokeStyle = `rgba(${colour.join(",")}, ${0.2 + 0.7 * Math.abs(share)})`;
      pen.lineWidth = 0.75 + (this.places.bottom / 90) * Math.abs(share);
      pen.setLineDash(share > 0 ? [] : [5, 5]);
      const bend = 0.45 * (end.x - start.x);
      pen.beginPath();
      pen.moveTo(start.x, start.y);
      pen.bezierCurveTo(start.x + bend, start.y, end.x - bend, end.y, end.x, end.y);
      pen.stroke();
    }
    pen.setLineDash([]);
  }

  drawBeam(pen, x, y, cell) {
    pen.setLineDash([]);
    pen.strokeStyle = "rgba(255, 255, 255, 0.10)";
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(x, y);
    pen.lineTo(cell.x, cell.y + cell.side / 2);
    pen.stroke();
  }

  drawDigits(pen) {
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    this.places.exits.forEach(({ y }, digit) => {
      const isWinner = this.answer?.digit === digit;
      pen.font = `${isWinner ? 700 : 400} ${isWinner ? 18 : 14}px ${getComputedStyle(this.canvas).fontFamily}`;
      pen.fillStyle = isWinner ? "#fff" : "rgba(255, 255, 255, 0.6)";
      pen.fillText(String(digit), this.canvas.getBoundingClientRect().width - 4, y);
    });
  }

  drawCaptions(pen, words) {
    const { image, layers, bottom, text } = this.places;
    const style = getComputedStyle(this.canvas);
    pen.font = `${style.fontSize} ${style.fontFamily}`;
    pen.fillStyle = "rgba(255, 255, 255, 0.78)";
    pen.textBaseline = "alphabetic";
    pen.textAlign = "left";
    pen.fillText(words.input, image.left, Math.min(image.top + image.side, bottom) + 1.35 * text);
    pen.textAlign = "center";
    const middles = layers.map(({ left, columns, side }) => left + (columns * side) / 2);
    const captions = this.fitCaptions(pen, middles, image.left + pen.measureText(words.input).width);
    captions.forEach((caption, layer) => pen.fillText(caption, middles[layer], bottom + 1.35 * text));
  }

  // Where the captions of many layers would run into each other, their numbers alone.
  fitCaptions(pen, middles, start) {
    let edge = start;
    const isCrowded = this.captions.some((caption, layer) => {
      const half = pen.measureText(caption).width / 2;
      const overlaps = middles[layer] - half < edge + CAPTION_GAP;
      edge = middles[layer] + half;
      return overlaps;
    });
    return isCrowded && middles.length > 1 ? this.network.shown.map((_, layer) => String(this.network.sizes[layer])) : this.captions;
  }

  drawMark(pen) {
    if (!this.marked) return;
    const { x, y, side } = this.cell(this.marked.layer, this.marked.place);
    pen.strokeStyle = `rgb(${this.colours.focus})`;
    pen.lineWidth = 3;
    pen.strokeRect(x - 1, y - 1, side + 2, side + 2);
  }
}
