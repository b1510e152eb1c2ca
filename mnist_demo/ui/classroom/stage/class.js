// The class as its teacher and the projector see it: asks once in a while how it is, draws it, and posts commands, so
// that no script of the page has to run.

const POLL_MILLISECONDS = 700;
const PATIENCE_MILLISECONDS = 5000;
const rooms = new WeakMap();

class ClassRoom {
  constructor(place) {
    this.root = place.querySelector(".class-room");
    this.part = (name) => this.root.querySelector(`.${name}`);
    this.gone = new AbortController();
    const { signal } = this.gone;
    const tell = (tile) => this.tell(tile);
    const look = (id) => this.look(id);
    this.wall = new Wall(this.part("class-wall > .class-tiles"), tell, look);
    this.after = new Wall(this.part("class-after"), tell, look);
    this.held = new Wall(this.part("class-held > .class-tiles"), tell, look);
    this.figures = new Figures(this.part("class-figures"));
    this.large = new LargeTile(this.part("class-large"), (verb, id) => this.handle(verb, id));
    this.join = new Join(this.part("class-join"));
    const command = (name, values) => this.command(name, values);
    this.people = new People(this.part("class-people"), command);
    const ending = new Ending(this.part("class-ending"), command);
    this.leading = new Leading(this.part("class-lead"), this.part("class-ask"), ending, command, signal);
    this.part("class-start").addEventListener("click", () => this.start());
    addEventListener("resize", () => this.fit(), { signal });
  }

  update(data, trigger) {
    const isOther = this.data?.code !== data.code;
    Object.assign(this, { data, trigger });
    const { words, code } = data;
    this.part("class-begin").hidden = Boolean(code);
    write(this.part("class-begin-why"), words.begin_why);
    write(this.part("class-start"), words.start);
    this.root.classList.toggle("is-running", Boolean(code));
    if (isOther) this.state = null;
    if (this.state) this.show(this.state);
    this.poll();
  }

  address(path) {
    return `${this.data.url}${path}`;
  }

  async post(path, body) {
    const response = await fetch(this.address(path), {
      method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" },
      signal: AbortSignal.timeout(PATIENCE_MILLISECONDS) });
    const answer = await response.json();
    if (!response.ok) throw Object.assign(new Error(answer.error), { isRefusal: true });
    return answer;
  }

  complain(text) {
    write(this.part("class-problem"), text);
  }

  async start() {
    try {
      const { code } = await this.post("", {});
      this.complain("");
      this.trigger("changed", code);
    } catch (error) {
      this.excuse(error);
    }
  }

  // What is pressed twice before the class has gone on is one command.
  async command(name, values = {}) {
    const told = JSON.stringify([name, values]);
    if (told === this.told) return;
    this.told = told;
    try {
      await this.post(`/${this.data.code}/command`, { command: name, ...values });
      this.complain("");
      if (name === "end") this.lose();
    } catch (error) {
      this.excuse(error);
    }
    await this.poll();
    if (this.told === told) this.told = "";
  }

  handle(verb, id) {
    if (verb === "put") this.trigger("put", this.find(id).image);
    else this.command(verb, { tile: id });
  }

  schedule() {
    clearTimeout(this.timer);
    if (!this.gone.signal.aborted && this.data.code) this.timer = setTimeout(() => this.poll(), POLL_MILLISECONDS);
  }

  async poll() {
    clearTimeout(this.timer);
    const question = this.question = {};
    if (!this.data.code) return;
    const known = this.state ? `?known=${this.state.version}` : "";
    try {
      const response = await fetch(this.address(`/${this.data.code}/wall${known}`),
        { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MILLISECONDS) });
      const news = response.status === 204 ? null : await response.json();
      if (question !== this.question || this.gone.signal.aborted) return;
      if (response.ok) this.recover();
      if (response.status === 404 || news?.state === "ended") this.lose(); // from another page, or another computer
      else if (response.ok && news) this.show(news);
      else if (news) this.fail(news.error);
    } catch (error) {
      console.info("The class will be asked for again:", error.message); // Streamlit shows a lost server
    }
    if (question === this.question) this.schedule();
  }

  // Where nobody has answered, only the browser has a sentence, in a language of its own.
  excuse(error) {
    if (error.isRefusal) this.complain(error.message);
    else this.fail(this.data.words.no_answer);
  }

  // What the server says in place of the wall stands there as long as it lasts.
  fail(text) {
    this.isFailing = true;
    this.complain(text);
  }

  recover() {
    if (this.isFailing) this.complain("");
    this.isFailing = false;
  }

  lose() {
    if (this.lost === this.data.code) return;
    this.lost = this.data.code;
    this.trigger("changed", "");
  }

  show(wall) {
    const { words, questions } = this.data;
    this.state = wall;
    Object.assign(this.root.dataset, { state: wall.state, kind: wall.kind ?? "", version: wall.version });
    write(this.part("class-task"), this.task(wall, words));
    write(this.part("class-count"), this.count(wall, words));
    this.join.show(this.data, wall);
    write(this.part("class-where-address"), this.join.address);
    write(this.part("class-where-code"), wall.code);
    this.part("class-cover").hidden = !wall.blank;
    this.root.classList.toggle("is-blank", wall.blank);
    write(this.part("class-cover p"), words.blanked);
    this.leading.show(wall, words, questions);
    const isOut = (tile) => tile.held || tile.hidden;
    const shown = wall.tiles.filter((tile) => !isOut(tile));
    this.showWalls(wall, shown, words);
    this.showHeld(wall.tiles.filter((tile) => isOut(tile) && tile.image), words);
    this.figures.show({ ...wall, tiles: shown }, words);
    this.people.show(wall, words);
    this.fit();
  }

  // Once, or before and after the network has learned from the class.
  showWalls({ compared }, tiles, words) {
    const [before, after] = compared ? comparedWalls(tiles) : [tiles, []];
    for (const [at, title] of [...this.root.querySelectorAll(".class-wall > h3")].entries()) {
      title.hidden = !compared;
      write(title, at ? words.after : words.before);
    }
    this.wall.show(before, Boolean(compared));
    this.after.show(after, true);
  }

  showHeld(tiles, words) {
    const place = this.part("class-held");
    place.hidden = !tiles.length;
    const held = tiles.filter((tile) => tile.held).length;
    const counts = [[words.held, held], [words.hidden, tiles.length - held]].filter(([, count]) => count);
    write(place.querySelector("h3"), counts.map(([text, count]) => fill(text, { count })).join(" · "));
    write(place.querySelector("p"), words.held_why);
    this.held.show(tiles.map((tile) => ({ ...tile, verdict: undefined })));
  }

  task({ state, paused, kind, digit, question, waits, compared }, words) {
    if (paused) return words.paused;
    if (state === "lobby" || !kind) return words.lobby;
    if (state === "training") return waits ? words.training_waits : words.training;
    if (compared) return words.compared;
    if (kind === "question") return inWords(question.text);
    return kind === "any" ? words.draw_any : fill(words.draw_digit, { digit });
  }

  count({ state, sent, joined, held }, words) {
    if (state === "lobby") return fill(words.joined, { joined });
    return fill(held ? words.sent_held : words.sent, { sent, joined, held });
  }

  tell(tile) {
    const { words } = this.data;
    const name = inWords(tile.name);
    if (!tile.verdict || tile.held) return fill(words.tile_counted, { name });
    if (this.state.compared) {
      const { asked, read, after } = this.find(tile.id);
      return fill(words.tile_compared, { name, asked, read, after });
    }
    const values = { name, asked: tile.asked, read: tile.read, share: chance(tile.probabilities[tile.read]) };
    return fill(words[`tile_${tile.verdict}`], values);
  }

  find(id) {
    return this.state.tiles.find((tile) => tile.id === id);
  }

  look(id) {
    const tile = this.find(id);
    const why = this.address(`/${this.data.code}/why?tile=${id}&version=${this.state.version}`);
    this.large.show(tile, this.data.words, this.tell(tile), why);
  }

  fit() {
    // The same drawings on two walls are compared at one size.
    const side = this.wall.findSide(this.state?.compared ? 2 : 1);
    this.wall.fit(side);
    this.after.fit(side);
  }

  close() {
    this.gone.abort();
    clearTimeout(this.timer);
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  if (!rooms.has(parentElement)) rooms.set(parentElement, new ClassRoom(parentElement));
  const room = rooms.get(parentElement);
  return showLatest(parentElement, () => room.update(data, setTriggerValue), () => {
    room.close();
    rooms.delete(parentElement);
  });
}
