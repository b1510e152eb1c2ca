// The stage: a network and its answer, which follow the pen over plain HTTP while it moves, and a network in training
// while it learns. What the page itself says of a drawing is shown too; both come from the same functions.

const NEXT_ANSWER_MILLISECONDS = 40;
const NEXT_PICTURE_MILLISECONDS = 90;
const SETTLED_MILLISECONDS = 250; // after which the canvas has drawn a finished stroke anew
const SAMPLE_MILLISECONDS = 1200;
const RETRY_MILLISECONDS = 1000;
const PATIENCE_MS = 5000;
const REDRAWN_TRIES = 15; // until the canvas shows what the page says it does
const stages = new WeakMap();

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));

// Writes into the text that an element has: for a new node the browser would hold all of Streamlit's styles that ask
// what is inside an element (":has") against the page again, for each bar of each answer.
function write(element, text) {
  if (!element.firstChild) element.append("");
  if (element.firstChild.data !== text) element.firstChild.data = text;
}

class Stage {
  constructor(place, { colours }) {
    this.root = place.querySelector(".stage");
    this.part = (name) => this.root.querySelector(`.${name}`);
    this.layers = [...this.root.querySelectorAll(".stage-layer")];
    this.picture = new NetworkPicture(this.root.querySelector(".stage-picture > canvas"), colours);
    this.ink = new Ink();
    this.gone = new AbortController();
    this.turn = new AbortController(); // of one network, in one language
    this.lastInk = null;
    this.tokenBefore = null;
    this.neuron = "";
    this.walked = [0, 0]; // where the keyboard is in each layer
    this.inSight = true;
    this.buildBars();
    this.listen();
  }

  buildBars() {
    const row = "<b></b><i><i></i></i><span></span>";
    this.part("stage-bars").replaceChildren(...Array.from({ length: 10 }, (_, digit) => {
      const item = Object.assign(document.createElement("li"), { innerHTML: row });
      item.setAttribute("role", "presentation"); // the list is one image, with all shares in its name
      item.firstChild.textContent = String(digit);
      return item;
    }));
    this.rows = [...this.part("stage-bars").children];
  }

  listen() {
    const options = { capture: true, passive: true, signal: this.gone.signal };
    const on = (target, names, act) => names.forEach((name) => target.addEventListener(name, act, options));
    on(document, ["pointerdown", "mousedown", "touchstart"], (event) => this.press(event));
    on(window, ["pointerup", "pointercancel", "mouseup", "touchend", "touchcancel"], () => this.lift());
    on(document, ["visibilitychange"], () => this.follow());
    this.sizes = new ResizeObserver(() => this.draw());
    this.sizes.observe(this.picture.canvas);
    this.sight = new IntersectionObserver((changes) => {
      this.inSight = changes.at(-1).isIntersecting;
      this.follow();
    });
    this.sight.observe(this.root);
    this.picture.canvas.addEventListener("click", ({ offsetX, offsetY }) => {
      this.choose(this.picture.find(offsetX, offsetY));
    });
    for (const [index, layer] of this.layers.entries()) {
      layer.addEventListener("keydown", (event) => this.walk(event, index + 1));
      layer.addEventListener("focus", () => this.mark({ layer: index + 1, place: this.walked[index] }));
      layer.addEventListener("blur", () => this.mark(null));
    }
    this.part("close-up-close").addEventListener("click", () => this.closeNeuron());
    this.part("close-up").addEventListener("keydown", (event) => { if (event.key === "Escape") this.closeNeuron(); });
  }

  // What the page says. After a stroke the page may run for another reason before the server has heard of the stroke:
  // what it says then is of the drawing before.
  update(data) {
    const before = this.data;
    const isOther = ["run", "language", "live"].some((name) => before?.[name] !== data[name]);
    const isMoved = before?.drawing !== data.drawing;
    this.data = data;
    this.ink.key = data.canvas;
    this.label();
    if (isOther) this.startTurn(before);
    if (this.isDown || this.tokenBefore === data.drawing) {
      if (isOther) this.followPen(); // to ask this network what the page cannot say yet
    } else {
      if (this.tokenBefore === null && isMoved) this.lastInk = null; // undone, cleared, or a sample
      this.tokenBefore = null;
      this.showPage(isOther, isMoved);
    }
    if (!data.live && !this.isDown && !this.isFollowing) this.speak();
    this.follow();
  }

  // What was asked before belongs to another network, or is in another language.
  startTurn(before) {
    this.turn.abort();
    this.turn = new AbortController();
    if (before?.run !== this.data.run) this.closeNeuron();
    this.network = null;
    this.lastInk = this.askedLive = this.said = null;
    this.samplesSince = performance.now();
    if (!this.data.live) this.fetchNetwork();
  }

  // A network in training answers for itself; but what was wiped is gone at once.
  showPage(isOther, isMoved) {
    const { live, answer } = this.data;
    if (live && !isOther && this.answer && (answer || !isMoved)) return;
    const said = JSON.stringify(answer);
    if (said === this.said) return;
    this.show(answer);
    this.said = said;
  }

  label() {
    const { words } = this.data;
    this.root.querySelector(".invitation b").textContent = words.invitation;
    this.part("close-up-close").setAttribute("aria-label", words.close);
    const parts = { inputs: words.inputs, weights: words.weights, product: words.product };
    for (const canvas of this.root.querySelectorAll("[data-part]")) {
      canvas.nextElementSibling.textContent = parts[canvas.dataset.part];
    }
  }

  async ask(url, more = {}, options = {}) {
    const { run, language } = this.data;
    const address = new URL(url, document.baseURI);
    for (const [name, value] of Object.entries({ run, language, ...more })) {
      if (value) address.searchParams.set(name, value);
    }
    const signal = AbortSignal.any([this.turn.signal, AbortSignal.timeout(PATIENCE_MS)]);
    const response = await fetch(address, { cache: "no-store", signal, ...options });
    if (!response.ok) throw Object.assign(new Error(await response.text()), { isRefusal: true });
    return response.status === 204 ? null : response.json();
  }

  // One question at a time, so that a slow server is asked less. A sample can be asked for in place of the ink. A
  // network in training comes with its answer, if it is another one than is shown; with `again`, there is an answer
  // only then.
  askAnswer(ink, { sample = "", again = "" } = {}) {
    const headers = { "Content-Type": "application/octet-stream" };
    const options = { method: "POST", headers, body: sample ? new Uint8Array() : ink };
    const known = this.data.live ? this.network?.version ?? "none" : "";
    const answer = (this.asking ?? Promise.resolve())
      .then(() => this.ask(this.data.answer_url, { neuron: this.neuron, sample, known, again }, options))
      .then((reply) => {
        if (reply?.network) this.takeNetwork(reply.network);
        return reply;
      });
    this.asking = answer.catch(() => {});
    return answer;
  }

  takeNetwork(network) {
    this.network = network;
    this.picture.setNetwork(network, this.data.words);
    write(this.part("stage-epoch"), network.caption);
    this.root.dataset.version = network.version;
    this.walked = this.walked.map((place, index) => (place < network.shown[index].length ? place : 0));
    const [layer, place] = this.neuron.split(".").map(Number);
    if (this.neuron && place >= network.shown[layer - 1].length) this.closeNeuron();
    this.draw();
  }

  async fetchNetwork() {
    const { turn } = this;
    if (this.fetching === turn) return;
    this.fetching = turn;
    while (!turn.signal.aborted) {
      try {
        this.takeNetwork(await this.ask(this.data.network_url));
        break;
      } catch (error) {
        await this.excuse(error);
      }
    }
    if (this.fetching === turn) this.fetching = null;
  }

  async excuse(error) {
    if (error.name === "AbortError") return;
    console.info("The network will be asked for again:", error.message);
    await sleep(RETRY_MILLISECONDS);
  }

  press(event) {
    if (!this.data || !this.ink.isHit(event) || this.isDown) return;
    this.isDown = true;
    this.part("answer-words").setAttribute("aria-live", "off"); // who listens hears the last answer only
    this.followPen();
  }

  lift() {
    if (!this.isDown) return;
    this.isDown = false;
    this.tokenBefore = this.data.drawing; // of strokes before this one, also if the server heard of one meanwhile
    this.settledAt = performance.now() + SETTLED_MILLISECONDS;
  }

  // Asks about the ink while the pen is down, and then until the finished stroke has its answer.
  async followPen() {
    this.settledAt = performance.now() + SETTLED_MILLISECONDS;
    if (this.isFollowing) return;
    this.isFollowing = true;
    while (!this.gone.signal.aborted) {
      await nextFrame();
      await this.asking;
      const isOver = !this.isDown && performance.now() > this.settledAt;
      const ink = this.ink.read();
      const isNews = ink && !isSame(ink, this.lastInk);
      const isRefused = isNews && !await this.answerInk(ink);
      if (isOver && (!isNews || isRefused)) break;
    }
    this.isFollowing = false;
    this.speak();
  }

  // False when the server will not answer this.
  async answerInk(ink) {
    const started = performance.now();
    try {
      const answer = await this.askAnswer(ink);
      this.lastInk = ink;
      this.show(answer);
    } catch (error) {
      await this.excuse(error);
      if (error.isRefusal) return false;
    }
    await sleep(NEXT_ANSWER_MILLISECONDS - (performance.now() - started));
    return true;
  }

  // What was written unheard is written again, to be heard.
  speak() {
    const words = this.part("answer-words");
    if (words.getAttribute("aria-live") !== "off") return;
    words.setAttribute("aria-live", "polite");
    words.replaceChildren(words.textContent);
  }

  get isWatching() {
    return this.data.live && this.inSight && !document.hidden && !this.gone.signal.aborted;
  }

  // Shows a network in training again and again as it is at that moment, with its answer to the drawing or, while there
  // is none, to one sample after the other.
  async follow() {
    if (this.isLooking || !this.data || !this.isWatching) return;
    this.isLooking = true;
    while (this.isWatching) {
      const started = performance.now();
      try {
        if (!this.isFollowing) await this.answerLive();
      } catch (error) {
        this.askedLive = null;
        await this.excuse(error);
      }
      await sleep(NEXT_PICTURE_MILLISECONDS - (performance.now() - started));
    }
    this.isLooking = false;
  }

  async answerLive() {
    const ink = this.ink.read();
    const digit = Math.floor((performance.now() - this.samplesSince) / SAMPLE_MILLISECONDS) % 10;
    const isDrawn = ink?.some((value) => value > FAINT);
    const asked = isDrawn ? ink : Uint8Array.of(digit);
    const again = isSame(asked, this.askedLive) ? "1" : "";
    let sample = isDrawn ? "" : String(digit);
    let answer = await this.askAnswer(ink, { sample, again });
    if (!answer && again) return;
    if (!answer && isDrawn) { // a speck is no drawing
      sample = String(digit);
      answer = await this.askAnswer(ink, { sample });
    }
    if (!answer || this.isFollowing || !this.data.live) return;
    this.askedLive = asked;
    this.part("answer-words").setAttribute("aria-live", "off"); // several answers a second: the outcome is heard
    this.show(answer, sample);
  }

  show(answer, sample = "") {
    this.answer = answer;
    this.sample = sample;
    this.said = null;
    this.picture.setAnswer(answer);
    this.part("invitation").hidden = Boolean(answer);
    this.part("answer").hidden = !answer;
    write(this.part("answer-digit"), answer?.sign ?? "");
    if (answer) write(this.part("answer-words"), answer.sentence);
    this.showBars(answer);
    this.showNeuron(answer);
    this.draw();
    this.root.dataset.answers = Number(this.root.dataset.answers ?? 0) + 1;
    if (answer && this.network && answer.version !== this.network.version && !this.data.live) this.fetchNetwork();
  }

  showBars(answer) {
    const bars = this.part("stage-bars");
    bars.classList.toggle("resting", !answer);
    const shares = answer ? answer.shares.map((share, digit) => `${digit}: ${share}`).join(", ") : "";
    bars.setAttribute("aria-label", `${this.data.words.bars}${shares && ": "}${shares}`);
    this.rows.forEach((row, digit) => {
      row.classList.toggle("winner", answer?.digit === digit);
      row.querySelector("i > i").style.transform = `scaleX(${answer?.probabilities[digit] ?? 0})`;
      write(row.lastChild, answer?.shares[digit] || "–");
    });
  }

  // Once a frame, whatever changes in it.
  draw() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      if (this.network && this.data) this.paint();
    });
  }

  paint() {
    const canvas = this.picture.canvas;
    const box = canvas.getBoundingClientRect();
    const isBeside = this.part("stage-answer").getBoundingClientRect().left >= box.right - 1;
    const middles = isBeside && this.rows.map((row) => {
      const { top, height } = row.getBoundingClientRect();
      return top + height / 2 - box.top;
    });
    this.picture.draw(middles || null, this.data.words);
    canvas.setAttribute("aria-label", this.answer?.path ?? this.data.words.picture_label);
    if (this.picture.places) this.placeLayers();
    this.root.dataset.pictures = Number(this.root.dataset.pictures ?? 0) + 1;
  }

  placeLayers() {
    const { offsetLeft, offsetTop } = this.picture.canvas;
    for (const [index, layer] of this.layers.entries()) {
      const { left, top, side, columns, rows } = this.picture.places.layers[index];
      Object.assign(layer.style, { left: `${offsetLeft + left}px`, top: `${offsetTop + top}px`,
        width: `${columns * side}px`, height: `${rows * side}px` });
      layer.setAttribute("aria-label", this.picture.captions[index]);
      this.nameNeuron(index);
    }
  }

  // Who hears the page hears on which neuron the keyboard is.
  nameNeuron(index) {
    const number = (this.network.shown[index][this.walked[index]] ?? 0) + 1;
    const name = this.data.words.neuron.replace("{number}", number).replace("{layer}", index + 1);
    this.layers[index].firstElementChild.setAttribute("aria-label", name);
  }

  mark(neuron) {
    this.picture.marked = this.network ? neuron : null;
    if (neuron) this.walked[neuron.layer - 1] = neuron.place;
    this.draw();
  }

  walk(event, layer) {
    if (!this.network) return;
    const { columns, count } = this.picture.places.layers[layer - 1];
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns };
    const place = this.walked[layer - 1];
    const next = place + (steps[event.key] ?? NaN);
    if (next >= 0 && next < count) this.mark({ layer, place: next });
    else if (event.key === "Enter" || event.key === " ") this.choose({ layer, place });
    else if (!(event.key in steps)) return;
    event.preventDefault(); // at an edge, too, where the page would scroll
  }

  // A close-up of a neuron: what it gets, its weights, their product, and what becomes of the sum.
  async choose(neuron) {
    if (!neuron || !this.answer) return;
    if (this.part("close-up").hidden) this.focusedBefore = document.activeElement;
    this.neuron = `${neuron.layer}.${neuron.place}`;
    try {
      const { sample } = this;
      const answer = await this.askAnswer(this.ink.read(), { sample });
      if (!answer) this.neuron = ""; // the canvas has just been wiped
      this.show(answer, sample);
      if (answer?.neuron) this.part("close-up").focus({ preventScroll: true });
    } catch (error) {
      this.closeNeuron();
      this.excuse(error);
    }
  }

  showNeuron(answer) {
    const neuron = this.neuron && answer?.neuron;
    if (this.neuron && answer && !neuron) {
      this.completeNeuron(answer);
      return;
    }
    this.part("close-up").hidden = !neuron;
    if (!neuron) return;
    this.part("close-up-title").textContent = neuron.title;
    this.part("close-up").setAttribute("aria-label", neuron.title);
    this.part("close-up-formula").textContent = neuron.formula;
    for (const canvas of this.root.querySelectorAll("[data-part]")) {
      const signed = canvas.dataset.part !== "inputs";
      const values = unpack(neuron[canvas.dataset.part], signed ? Int8Array : Uint8Array);
      const { colours } = this.picture;
      paintValues(values, neuron.columns, neuron.rows, signed ? colours.signed : colours.grey, canvas);
    }
  }

  // The page's own answer knows of no close-up, and the canvas may still have to draw what it is an answer to.
  async completeNeuron(answer) {
    const isWanted = () => this.answer === answer && this.neuron && !this.gone.signal.aborted;
    let asked = null;
    for (let tries = 0; tries < REDRAWN_TRIES && isWanted(); tries++) {
      const ink = this.ink.read();
      const reply = ink && !isSame(ink, asked) ? await this.askAnswer(ink).catch(() => null) : null;
      asked = ink;
      if (reply?.neuron && reply.frame === answer.frame && isWanted()) {
        this.show(reply);
        this.said = JSON.stringify(answer);
        return;
      }
      await sleep(NEXT_PICTURE_MILLISECONDS);
    }
    if (isWanted()) this.closeNeuron();
  }

  closeNeuron() {
    const hadFocus = this.part("close-up").contains(document.activeElement);
    this.neuron = "";
    this.part("close-up").hidden = true;
    if (hadFocus) this.focusedBefore?.focus?.({ preventScroll: true });
  }

  close() {
    this.gone.abort();
    this.turn.abort();
    this.sizes.disconnect();
    this.sight.disconnect();
  }
}

export default function ({ data, parentElement }) {
  if (!stages.has(parentElement)) stages.set(parentElement, new Stage(parentElement, data));
  const stage = stages.get(parentElement);
  return showLatest(parentElement, () => stage.update(data), () => {
    stage.close();
    stages.delete(parentElement);
  });
}
