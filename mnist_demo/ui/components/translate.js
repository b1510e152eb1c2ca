// Writes the words that Streamlit and plotly.js bring along in the page's language, and tells the browser which one
// that is. Both have English words only, so they are replaced where they appear, before they are painted.

const ATTRIBUTES = ["aria-label", "data-title", "placeholder", "title"];
// Where words of theirs stand as text. Everywhere else it is the app that speaks, or somebody who named a run.
const PLACES = ["stSkipToContent", "stMainMenuPopover", "stTopNavSection", "stStatusWidget", "stTooltipContent",
  "stFileUploaderDropzone", "stTooltipErrorContent", "stExceptionMessage"].map((id) => `[data-testid=${id}]`)
  .concat("[data-testid=stDialog]:not(:has(.stVerticalBlock))", "[role=option]:not([data-key])",
    "[role=option][data-key^=__select]", "[data-live-announcer]", ".plotly-notifier").join();
const NAMED = ATTRIBUTES.map((name) => `[${name}]`).join();
const NAMES_OF_RUNS = "[data-tag], [data-tag] > span, [role=option]";
const WATCHED = { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES };

const observer = new MutationObserver(follow);
const written = new WeakMap(); // for a node what was written into it, and what had stood there
let words = new Map();
let patterns = [];

export default function ({ data, parentElement }) {
  return showLatest(parentElement, () => speak(data));
}

function speak({ language, dictionary }) {
  document.documentElement.lang = language;
  words = new Map(Object.entries(dictionary));
  patterns = [...words].filter(([english]) => english.includes("{")).map(([english, form]) => [pattern(english), form]);
  observer.observe(document.body, WATCHED);
  visit(document.body);
  observer.takeRecords(); // what was written just now
}

// "Help for {label}" finds "Help for Epochs".
function pattern(english) {
  const literal = english.replace(/[.*+?^$()|[\]\\]/g, "\\$&");
  return new RegExp(`^${literal.replace(/\{(\w+)\}/g, "(?<$1>.+)")}$`, "s");
}

function translate(text) {
  const english = text.trim();
  const known = words.get(english);
  if (known !== undefined) return text.replace(english, () => known);
  for (const [form, translation] of patterns) {
    const found = form.exec(english);
    if (found) return translation.replace(/\{(\w+)\}/g, (_, name) => found.groups[name]);
  }
  return text;
}

function follow(records) {
  for (const { type, target, attributeName, addedNodes } of records) {
    if (target instanceof SVGElement) continue; // a chart that is drawn anew: many nodes, no words of theirs
    if (type === "attributes") translateAttribute(target, attributeName);
    else if (type === "characterData") visit(target);
    else addedNodes.forEach(visit);
  }
  observer.takeRecords();
}

function visit(node) {
  if (node instanceof Text) {
    if (node.parentElement?.closest(PLACES)) translateText(node);
  } else if (node instanceof HTMLElement) {
    for (const part of [node, ...node.querySelectorAll(NAMED)]) {
      part.getAttributeNames().filter((name) => ATTRIBUTES.includes(name)).forEach((name) => translateAttribute(part, name));
    }
    const places = node.closest(PLACES) ? [node] : node.querySelectorAll(PLACES);
    places.forEach(translateTexts);
    node.querySelectorAll("[data-testid=stCode] pre").forEach(makeReachable);
  }
}

// Code is never wrapped: who has no mouse scrolls it by keyboard, and so has to come to it.
function makeReachable(code) {
  code.tabIndex = 0;
}

function translateTexts(place) {
  const texts = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) translateText(texts.currentNode);
}

function translateText(node) {
  replace(node, "", node.nodeValue, (text) => { node.nodeValue = text; });
}

function translateAttribute(element, name) {
  const value = element.getAttribute(name);
  if (value && !element.matches(NAMES_OF_RUNS)) replace(element, name, value, (text) => element.setAttribute(name, text));
}

// In another language than before, what stands there may be a translation of ours: it goes back to the English words.
function replace(node, name, current, write) {
  const before = written.get(node) ?? {};
  const english = before[name]?.shown === current ? before[name].english : current;
  const shown = translate(english);
  if (shown === current) return;
  written.set(node, { ...before, [name]: { english, shown } });
  write(shown);
}
