// How phones come in: a code to scan, an address to type, and the sign that the first one got through.

class Join {
  constructor(place) {
    this.place = place;
    this.part = (name) => place.querySelector(`.${name}`);
    this.select = place.querySelector("select");
    this.select.addEventListener("change", () => this.turn());
    this.chosen = 0;
  }

  show({ doors, code, words, card, card_url: url }, wall) {
    const sign = JSON.stringify([doors, code, words.how_to_join]);
    if (sign !== this.sign) {
      this.sign = sign;
      Object.assign(this, { doors, words, code });
      this.showCard(card, url);
      this.chosen = Math.min(this.chosen, Math.max(doors.length - 1, 0));
      this.select.replaceChildren(...doors.map((door, at) => new Option(`${door.name}: ${door.ip}`, at)));
      write(this.part("class-doors span"), words.which_address);
      this.turn();
    }
    const isReached = wall.joined > 0;
    this.part("class-card").dataset.reached = isReached;
    write(this.part("class-card span"), isReached ? words.reached : words.not_reached);
    this.place.classList.toggle("small", wall.state !== "lobby");
  }

  turn() {
    const { doors, words, code } = this;
    this.chosen = Number(this.select.value) || 0;
    const door = doors[this.chosen];
    this.place.classList.toggle("unreachable", !door);
    this.part("class-doors").hidden = doors.length < 2;
    this.part("class-unreachable").hidden = Boolean(door);
    this.part("class-card").hidden = !door;
    write(this.part("class-way-how"), door ? words.how_to_join : "");
    write(this.part("class-way-address"), door?.address ?? "");
    write(this.part("class-way-code"), door ? code : "");
    write(this.part("class-unreachable"), words.only_here);
    const picture = this.part("class-qr");
    picture.hidden = !door;
    picture.src = door?.qr ?? "data:,";
    picture.alt = fill(words.qr, { address: door?.url });
  }

  // What to try where no phone gets through: the same as on the card to print.
  showCard(card, url) {
    const points = card.map(([what, how]) => element("li", "", element("b", "", what), ` ${how}`));
    this.part("class-card ul").replaceChildren(...points);
    const link = this.part("class-card a");
    link.href = url;
    write(link, this.words.print_card);
  }

  get address() {
    return this.doors[this.chosen]?.address ?? "";
  }
}
