// How phones come in: a code to scan, an address to type, and the sign that the first one got through.

class Join {
  constructor(place) {
    this.place = place;
    this.part = (name) => place.querySelector(`.${name}`);
    this.select = place.querySelector("select");
    this.select.addEventListener("change", () => this.turn());
    this.chosen = 0;
  }

  show({ doors, code, words }, wall) {
    const sign = JSON.stringify([doors, code, words.how_to_join]);
    if (sign !== this.sign) {
      this.sign = sign;
      Object.assign(this, { doors, words, code });
      this.chosen = Math.min(this.chosen, Math.max(doors.length - 1, 0));
      this.select.replaceChildren(...doors.map((door, at) => new Option(`${door.name}: ${door.ip}`, at)));
      write(this.part("class-doors span"), words.which_address);
      this.turn();
    }
    const isReached = wall.joined > 0;
    this.part("class-reached").dataset.reached = isReached;
    write(this.part("class-reached span"), isReached ? words.reached : words.not_reached);
    this.place.classList.toggle("small", wall.state !== "lobby");
  }

  turn() {
    const { doors, words, code } = this;
    this.chosen = Number(this.select.value) || 0;
    const door = doors[this.chosen];
    this.place.classList.toggle("unreachable", !door);
    this.part("class-doors").hidden = doors.length < 2;
    this.part("class-unreachable").hidden = Boolean(door);
    this.part("class-reached").hidden = !door;
    write(this.part("class-way-how"), door ? words.how_to_join : "");
    write(this.part("class-way-address"), door?.address ?? "");
    write(this.part("class-way-code"), door ? code : "");
    write(this.part("class-unreachable"), words.only_here);
    this.part("class-qr").innerHTML = door?.qr ?? ""; // drawn by our own server
    this.part("class-qr").firstElementChild?.setAttribute("aria-label", fill(words.qr, { address: door?.url }));
  }

  get address() {
    return this.doors[this.chosen]?.address ?? "";
  }
}
