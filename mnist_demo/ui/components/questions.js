// What a stage asks the server. What was asked before belongs to another network, or is in another language: it ends
// when a new turn begins.

const PATIENCE_MS = 5000;

class Questions {
  constructor() {
    this.turn = new AbortController();
  }

  startTurn(data) {
    this.turn.abort();
    this.turn = new AbortController();
    this.data = data;
  }

  close() {
    this.turn.abort();
  }

  async ask(url, more = {}, options = {}) {
    const { run, epoch, language } = this.data;
    const address = new URL(url, document.baseURI);
    for (const [name, value] of Object.entries({ run, epoch, language, ...more })) {
      if (value) address.searchParams.set(name, value);
    }
    const signal = AbortSignal.any([this.turn.signal, AbortSignal.timeout(PATIENCE_MS)]);
    const response = await fetch(address, { cache: "no-store", signal, ...options });
    if (!response.ok) throw Object.assign(new Error(await response.text()), { isRefusal: true });
    return response.status === 204 ? null : response.json();
  }

  askNetwork() {
    return this.ask(this.data.network_url);
  }

  // One question at a time, so that a slow server is asked less; what `describe` returns is found out when its turn has
  // come. A sample can be asked for in place of the ink. A network in training comes with its answer, if it is another
  // one than is `known`; with `again`, there is an answer only then.
  askAnswer(ink, sample, describe) {
    const headers = { "Content-Type": "application/octet-stream" };
    const options = { method: "POST", headers, body: sample ? new Uint8Array() : ink };
    const answer = (this.asking ?? Promise.resolve())
      .then(() => this.ask(this.data.answer_url, { sample, ...describe() }, options));
    this.asking = answer.catch(() => {});
    return answer;
  }
}
