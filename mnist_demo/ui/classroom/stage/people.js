// Who is in the class, for the teacher alone: each by the name that the server gave, with two verbs.

class People {
  constructor(details, act) {
    Object.assign(this, { details, act });
  }

  show({ seats, state }, words) {
    const sign = JSON.stringify([seats, state, words.remove]);
    if (sign === this.sign) return;
    this.sign = sign;
    this.details.hidden = !seats.length;
    this.details.querySelector("summary").textContent = fill(words.people, { count: seats.length });
    this.details.querySelector("ul").replaceChildren(...seats.map((seat) => this.line(seat, state, words)));
  }

  line(seat, phase, words) {
    const mark = element("i", "", seat.symbol);
    mark.style.setProperty("--seat", seat.color);
    const name = inWords(seat.name);
    const done = seat.sent ? words.has_sent : words.draws;
    const state = seat.blocked ? words.is_blocked : phase === "lobby" ? "" : done;
    const verbs = seat.blocked ? [["unblock", words.unblock]] : [["remove", words.remove], ["block", words.block]];
    const buttons = verbs.map(([verb, text]) => {
      const button = element("button", "", text);
      button.type = "button";
      button.setAttribute("aria-label", `${text}: ${name}`);
      button.addEventListener("click", () => this.act(verb, { seat: seat.seat }));
      return button;
    });
    return element("li", "", mark, element("span", "", name), element("span", "class-note", state), ...buttons);
  }
}

// What stands in several languages, in the page's.
function inWords(text) {
  return typeof text === "string" ? text : text[document.documentElement.lang] ?? Object.values(text)[0];
}
