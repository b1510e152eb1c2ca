// The parts of the page, and its words.

var words = JSON.parse(document.getElementById("words").textContent);
var language = document.documentElement.lang;
var passes = location.hash === "#pass"; // one device for all, which goes from hand to hand

function part(id) {
  return document.getElementById(id);
}

function say(id, text) {
  if (part(id).textContent !== text) part(id).textContent = text;
}

function show(id, visible) {
  part(id).hidden = !visible;
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, function (_, name) { return values[name]; });
}

// What stands in several languages, in the phone's.
function inWords(text) {
  return typeof text === "string" ? text : text[language] || text.en;
}

// A probability as a percentage below 100: softmax is never quite sure.
function percent(probability) {
  return fill(words.percent, { share: Math.min(99, 100 * probability).toFixed(0) });
}
