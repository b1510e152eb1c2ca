// The stage: a network and its answer, which follow the pen over plain HTTP while it moves, and a network in training
// while it learns. What the page itself says of a drawing is shown too; both come from the same functions.

const NEXT_ANSWER_MILLISECONDS = 40;
const NEXT_PICTURE_MILLISECONDS = 90;
const SETTLED_MILLISECONDS = 250; // after which the canvas has drawn a finished stroke anew
const SAMPLE_MILLISECONDS = 1200;
const RETRY_MILLISECONDS = 1000;
const PATIENCE_MS = 5000;
const stages = new WeakMap();

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));

class Stage {
  constructor(place) {
    this.root = place.querySelector(".stage");
    this.part = (name) => this.root.querySelector(`.${name}`);
    this.picture = new NetworkPicture(this.root.querySelector(".stage-picture > canvas"));
    this.ink = new Ink();
    this.gone = new AbortController();
    this.lastInk = null;
    this.neuron = "";
    this.inSight = true;
    this.buildBars();
    this.listen();
  }

  buildBars() {
    const row = '<b></b><i><i></i></i><span></span>';
    this.part("stage-bars").replaceChildren(...Array.from({ length: 10 }, (_, digit) => {
      const item = Object.assign(document.createElement("li"), { innerHTML: row });
      item.firstChild.textContent = String(digit);
      return item;
    }));
    this.rows = [...this.part("stage-bars").children];
  }

  listen() {
    const options = { capture: true, passive: true, signal: this.gone.signal };
    for (const name of ["pointerdown", "mousedown", "touchstart"]) document.addEventListener(name, (event) => this.press(event), options);
    for (const name of ["pointerup", "pointercancel", "mouseup", "touchend"]) window.addEventListener(name, () => this.lift(), options);
    document.addEventListener("visibilitychange", () => this.follow(), { signal: this.gone.signal });
    this.sizes = new ResizeObserver(() => this.draw());
    this.sizes.observe(this.picture.canvas);
    this.sight = new IntersectionObserver(([{ isIntersecting }]) => { this.inSight = isIntersecting; this.follow(); });
    this.sight.observe(this.root);
    this.picture.canvas.addEventListener("click", ({ offsetX, offsetY }) => this.choose(this.picture.find(offsetX, offsetY)));
    for (const layer of this.root.querySelectorAll(".stage-layer")) {
      layer.addEventListener("keydown", (event) => this.walk(event, Number(layer.dataset.layer)));
      layer.addEventListener("focus", () => this.mark({ layer: Number(layer.dataset.layer), place: 0 }));
      layer.addEventListener("blur", () => this.mark(null));
    }
    this.part("close-up-close").addEventListener("click", () => this.closeNeuron());
    this.part("close-up").addEventListener("keydown", (event) => { if (event.key === "Escape") this.closeNeuron(); });
  }

  // What the page says. After a stroke the page may run for another reason before the server has heard of the stroke:
  // what it says then is of the drawing before.
  update(data) {
    if (this.data?.drawing !== data.drawing) this.lastInk = null; // the page may have changed it
    const isOther = this.data?.run !== data.run || this.data?.live !== data.live;
    this.data = data;
    this.ink.key = data.canvas;
    this.label();
    if (isOther) {
      this.network = null;
      this.lastInk = null;
      this.loadNetwork();
    }
    const isStale = this.isDown || this.tokenBefore === data.drawing;
    if (!isStale) {
      this.tokenBefore = null;
      if (!data.live || !this.answer || !data.answer) this.show(data.answer);
    }
    this.follow();
  }

  label() {
    const { words } = this.data;
    this.root.querySelector(".invitation b").textContent = words.invitation;
    this.part("close-up-close").setAttribute("aria-label", words.close);
    const parts = { inputs: words.inputs, weights: words.weights, product: words.product };
    for (const canvas of this.root.querySelectorAll("[data-part]")) canvas.nextElementSibling.textContent = parts[canvas.dataset.part];
  }

  async ask(url, more, options = {}) {
    const { run, language } = this.data;
    const address = new URL(url, document.baseURI);
    for (const [name, value] of Object.entries({ run, language, ...more })) if (value) address.searchParams.set(name, value);
    const signal = AbortSignal.any([this.gone.signal, AbortSignal.timeout(PATIENCE_MS)]);
    const response = await fetch(address, { cache: "no-store", signal, ...options });
    if (response.status === 204) return null;
    if (!response.ok) throw new Error(await response.text());
    return response.json();
  }

  askAnswer(ink, sample) {
    const more = { neuron: this.neuron, ...(sample === undefined ? {} : { sample: String(sample) }) };
    const headers = { "Content-Type": "application/octet-stream" };
    return this.ask(this.data.answer_url, more, { method: "POST", headers, body: sample === undefined ? ink : new Uint8Array() });
  }

  // Fetches the network if it is another one than is shown; tells whether it was.
  async loadNetwork() {
    const { run } = this.data;
    try {
      const network = await this.ask(this.data.network_url, { known: this.network?.version });
      if (!network || this.gone.signal.aborted || run !== this.data.run) return false;
      this.network = network;
      this.picture.setNetwork(network, this.data.words);
      this.part("stage-epoch").textContent = network.caption;
      this.root.dataset.version = network.version;
      this.draw();
      return true;
    } catch (error) {
      this.excuse(error);
      return false;
    }
  }

  excuse(error) {
    if (!this.gone.signal.aborted) console.info("The network will be asked for again:", error.message);
  }

  press(event) {
    if (!this.data || !this.ink.isHit(event) || this.isDown) return;
    this.isDown = true;
    this.tokenBefore = this.data.drawing;
    this.part("answer-words").setAttribute("aria-live", "off"); // who listens hears the last answer only
    this.followPen();
  }

  lift() {
    if (!this.isDown) return;
    this.isDown = false;
    this.liftedAt = performance.now();
  }

  async followPen() {
    if (this.isFollowing) return;
    this.isFollowing = true;
    while (!this.gone.signal.aborted && (this.isDown || performance.now() - this.liftedAt < SETTLED_MILLISECONDS)) {
      await nextFrame();
      const ink = this.ink.read();
      if (!ink || isSame(ink, this.lastInk)) continue;
      const started = performance.now();
      try {
        const answer = await this.askAnswer(ink);
        this.lastInk = ink;
        this.show(answer);
      } catch (error) {
        this.excuse(error);
        await sleep(RETRY_MILLISECONDS);
      }
      await sleep(NEXT_ANSWER_MILLISECONDS - (performance.now() - started));
    }
    this.isFollowing = false;
    this.part("answer-words").setAttribute("aria-live", "polite");
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
      if (await this.loadNetwork() && !this.isFollowing) await this.answerLive();
      await sleep(NEXT_PICTURE_MILLISECONDS - (performance.now() - started));
    }
    this.isLooking = false;
  }

  async answerLive() {
    const ink = this.ink.read();
    const sample = Math.floor(performance.now() / SAMPLE_MILLISECONDS) % 10;
    try {
      const answer = ink && ink.some((value) => value) ? await this.askAnswer(ink) : await this.askAnswer(ink, sample);
      if (this.data.live && !this.isFollowing) this.show(answer);
    } catch (error) {
      this.excuse(error);
    }
  }

  show(answer) {
    this.answer = answer;
    this.picture.setAnswer(answer);
    this.part("invitation").hidden = Boolean(answer);
    this.part("answer").hidden = !answer;
    this.part("answer-digit").textContent = answer?.sign ?? "";
    const words = this.part("answer-words");
    if (answer && words.textContent !== answer.sentence) words.textContent = answer.sentence;
    this.showBars(answer);
    this.showNeuron(answer?.neuron);
    this.draw();
    this.root.dataset.answers = Number(this.root.dataset.answers ?? 0) + 1;
    if (answer && this.network && answer.version !== this.network.version && !this.data.live) this.loadNetwork();
  }

  showBars(answer) {
    const bars = this.part("stage-bars");
    bars.classList.toggle("resting", !answer);
    const shares = answer ? answer.shares.map((share, digit) => `${digit}: ${share}`).join(", ") : "";
    bars.setAttribute("aria-label", `${this.data.words.bars}${shares && ": "}${shares}`);
    this.rows.forEach((row, digit) => {
      row.classList.toggle("winner", answer?.digit === digit);
      row.querySelector("i > i").style.transform = `scaleX(${answer?.probabilities[digit] ?? 0})`;
      row.lastChild.textContent = answer?.shares[digit] || "–";
    });
  }

  draw() {
    if (!this.network || !this.data) return;
    const canvas = this.picture.canvas;
    const box = canvas.getBoundingClientRect();
    const isBeside = this.part("stage-answer").getBoundingClientRect().left >= box.right - 1;
    const middles = isBeside && this.rows.map((row) => {
      const { top, height } = row.getBoundingClientRect();
      return top + height / 2 - box.top;
    });
    this.picture.draw(middles || null, this.data.words);
    canvas.setAttribute("aria-label", this.answer?.path ?? this.data.words.picture_label);
    this.placeLayers();
    this.root.dataset.pictures = Number(this.root.dataset.pictures ?? 0) + 1;
  }

  placeLayers() {
    const { offsetLeft, offsetTop } = this.picture.canvas;
    for (const [index, layer] of [...this.root.querySelectorAll(".stage-layer")].entries()) {
      const { left, top, side, columns, rows } = this.picture.places.layers[index];
      Object.assign(layer.style, { left: `${offsetLeft + left}px`, top: `${offsetTop + top}px`,
        width: `${columns * side}px`, height: `${rows * side}px` });
      layer.setAttribute("aria-label", this.picture.captions[index]);
    }
  }

  mark(neuron) {
    this.picture.marked = neuron;
    this.draw();
  }

  walk(event, layer) {
    const { columns, count } = this.picture.places.layers[layer - 1];
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns };
    const place = this.picture.marked?.place ?? 0;
    if (event.key in steps && place + steps[event.key] >= 0 && place + steps[event.key] < count) {
      this.mark({ layer, place: place + steps[event.key] });
    } else if (event.key === "Enter" || event.key === " ") this.choose({ layer, place });
    else return;
    event.preventDefault();
  }

  // A close-up of a neuron: what it gets, its weights, their product, and what becomes of the sum.
  async choose(neuron) {
    if (!neuron || !this.answer) return;
    this.neuron = `${neuron.layer}.${neuron.place}`;
    this.focusedBefore = document.activeElement;
    const ink = this.ink.read();
    try {
      this.show(ink && (await this.askAnswer(ink)));
      this.part("close-up").focus();
    } catch (error) {
      this.excuse(error);
    }
  }

  showNeuron(neuron) {
    this.part("close-up").hidden = !neuron;
    if (!neuron) return;
    this.part("close-up-title").textContent = neuron.title;
    this.part("close-up").setAttribute("aria-label", neuron.title);
    this.part("close-up-formula").textContent = neuron.formula;
    for (const canvas of this.root.querySelectorAll("[data-part]")) {
      const signed = canvas.dataset.part !== "inputs";
      const values = unpack(neuron[canvas.dataset.part], signed ? Int8Array : Uint8Array);
      paintValues(values, neuron.columns, neuron.rows, { signed, into: canvas });
    }
  }

  closeNeuron() {
    this.neuron = "";
    this.showNeuron(null);
    this.focusedBefore?.focus?.();
  }

  close() {
    this.gone.abort();
    this.sizes.disconnect();
    this.sight.disconnect();
  }
}

export default function ({ data, parentElement }) {
  if (!stages.has(parentElement)) stages.set(parentElement, new Stage(parentElement));
  const stage = stages.get(parentElement);
  return showLatest(parentElement, () => stage.update(data), () => {
    stage.close();
    stages.delete(parentElement);
  });
}
