// Small pictures of bytes: how they come, and the colours in which they are painted.

const CONTRAST = 0.65; // below 1, small weights are seen too

function unpack(base64, Kind) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let place = 0; place < text.length; place++) bytes[place] = text.charCodeAt(place); // a call for each takes 20 times as long
  return new Kind(bytes.buffer);
}

// The colours that a picture needs, and from them the pixel of each byte, with a sign or without.
function mixColours(written) {
  const colours = Object.fromEntries(Object.entries(written).map(([name, colour]) =>
    [name, [1, 3, 5].map((place) => parseInt(colour.slice(place, place + 2), 16))]));
  return { ...colours, signed: mixPalette(colours, true), grey: mixPalette(colours, false) };
}

function mixPalette({ positive, negative }, signed) {
  const pixels = new Uint8ClampedArray(4 * 256);
  for (let byte = 0; byte < 256; byte++) {
    const value = signed && byte > 127 ? byte - 256 : byte;
    const share = signed ? Math.min(1, Math.abs(value) / 127) ** CONTRAST : value / 255;
    const colour = signed ? (value > 0 ? positive : negative) : [255, 255, 255];
    pixels.set([...colour.map((part) => part * share), 255], 4 * byte);
  }
  return new Uint32Array(pixels.buffer);
}

// Paints bytes into a small picture of their own; `inks` has the pixel of each.
function paintValues(values, columns, rows, inks, into = document.createElement("canvas")) {
  Object.assign(into, { width: columns, height: rows });
  const image = new ImageData(columns, rows);
  const pixels = new Uint32Array(image.data.buffer);
  for (let place = 0; place < values.length; place++) pixels[place] = inks[values[place] & 255];
  into.getContext("2d").putImageData(image, 0, 0);
  return into;
}
