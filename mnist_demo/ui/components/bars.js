// The ten shares of an answer, one bar for each digit.

class Bars {
  constructor(list) {
    this.list = list;
    const row = "<b></b><i><i></i></i><span></span>";
    list.replaceChildren(...Array.from({ length: 10 }, (_, digit) => {
      const item = Object.assign(document.createElement("li"), { innerHTML: row });
      item.setAttribute("role", "presentation"); // the list is one image, with all shares in its name
      item.firstChild.textContent = String(digit);
      return item;
    }));
    this.rows = [...list.children];
  }

  show(answer, name) {
    this.list.classList.toggle("resting", !answer);
    const shares = answer ? answer.shares.map((share, digit) => `${digit}: ${share}`).join(", ") : "";
    this.list.setAttribute("aria-label", `${name}${shares && ": "}${shares}`);
    this.rows.forEach((row, digit) => {
      row.classList.toggle("winner", answer?.digit === digit);
      row.querySelector("i > i").style.transform = `scaleX(${answer?.probabilities[digit] ?? 0})`;
      write(row.lastChild, answer?.shares[digit] || "–");
    });
  }

  // The heights of their middles on the screen.
  middles() {
    return this.rows.map((row) => {
      const { top, height } = row.getBoundingClientRect();
      return top + height / 2;
    });
  }
}
