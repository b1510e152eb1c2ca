// Lets one finger or pen draw while a palm rests on the canvas. The canvas follows the first touch alone, and takes a
// resting one for a stroke: so it gets none, but the mouse events of the touch that draws. That is the first one to
// move, or a pen; a touch that lies still meanwhile draws nothing for as long as it lasts. A tap is a dot.

const MOVES_PIXELS = 4; // a finger that presses harder wanders less than that

class Touches {
  constructor(host) {
    this.host = host;
    this.known = new Map(); // by identifier: the places of a touch so far, or null for one that rests
    this.drawing = null;
    const listen = (name, act) => host.addEventListener(name, (event) => this.take(event, act), { capture: true, passive: false });
    listen("touchstart", (touch) => this.begin(touch));
    listen("touchmove", (touch) => this.move(touch));
    listen("touchend", (touch) => this.end(touch, true));
    listen("touchcancel", (touch) => this.end(touch, false));
  }

  take(event, act) {
    event.stopImmediatePropagation();
    if (event.cancelable) event.preventDefault(); // no scrolling, and no mouse events of the browser's own
    this.forgetLost(new Set(Array.from(event.touches, (touch) => touch.identifier)), event.changedTouches);
    for (const touch of event.changedTouches) act(touch);
  }

  // The end of a touch may never be told: a gesture of the system takes it, or what it touched has gone.
  forgetLost(onScreen, changed) {
    const told = new Set(Array.from(changed, (touch) => touch.identifier));
    for (const identifier of [...this.known.keys()]) {
      if (onScreen.has(identifier) || told.has(identifier)) continue;
      this.known.delete(identifier);
      if (identifier !== this.drawing) continue;
      this.send("mouseup", this.latest);
      this.drawing = null;
    }
  }

  begin(touch) {
    const isPen = touch.touchType === "stylus";
    if (this.drawing !== null && !isPen) {
      this.known.set(touch.identifier, null);
      return;
    }
    this.known.set(touch.identifier, [touch]);
    if (isPen) this.draw(touch);
  }

  move(touch) {
    if (touch.identifier === this.drawing) {
      this.send("mousemove", touch);
      return;
    }
    const places = this.known.get(touch.identifier);
    if (!places || this.drawing !== null) return;
    places.push(touch);
    const [first] = places;
    if (Math.hypot(touch.clientX - first.clientX, touch.clientY - first.clientY) > MOVES_PIXELS) this.draw(touch);
  }

  // What a touch has done before it was clear that it draws is drawn, too.
  draw(touch) {
    if (this.drawing !== null) this.send("mouseup", this.latest); // a pen takes over
    const [first, ...others] = this.known.get(touch.identifier);
    for (const identifier of this.known.keys()) this.known.set(identifier, null);
    this.drawing = touch.identifier;
    this.send("mousedown", first);
    for (const other of others) this.send("mousemove", other);
  }

  end(touch, isWhole) {
    const places = this.known.get(touch.identifier);
    if (places && isWhole && this.drawing === null && this.known.size === 1) this.draw(touch);
    this.known.delete(touch.identifier);
    if (touch.identifier !== this.drawing) return;
    this.send("mouseup", touch);
    this.drawing = null;
  }

  send(name, touch) {
    const { clientX, clientY, screenX, screenY } = this.latest = touch;
    const place = { clientX, clientY, screenX, screenY, button: 0, buttons: name === "mouseup" ? 0 : 1 };
    const options = { ...place, bubbles: true, composed: true, cancelable: true, view: window };
    this.host.shadowRoot.querySelector("canvas.upper-canvas")?.dispatchEvent(new MouseEvent(name, options));
  }
}
