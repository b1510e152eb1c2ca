// What came out: the class's accuracy with its interval beside MNIST's, the commonest confusions, votes as bars.

function element(kind, name, ...content) {
  const made = Object.assign(document.createElement(kind), { className: name });
  made.append(...content);
  return made;
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

// A probability below 1 is never written as 100 %.
function chance(probability) {
  return percent(Math.min(probability, 0.99));
}

function percent(share, digits = 0) {
  const form = { style: "percent", maximumFractionDigits: digits, minimumFractionDigits: digits };
  return new Intl.NumberFormat(document.documentElement.lang, form).format(share);
}

// A count as the pages write it.
function whole(count, { thousands, thousands_from: from }) {
  return count < Number(from) ? String(count) : String(count).replace(/\B(?=(\d{3})+$)/g, thousands);
}

// A share as a bar, with the interval in which the true one lies.
function bar(kind, label, value, share, interval) {
  const track = element("i", "class-bar-track");
  const filled = element("i", "class-bar-fill");
  filled.style.width = `${100 * share}%`;
  track.append(filled);
  if (interval) {
    const range = element("i", "class-bar-range");
    range.style.left = `${100 * interval[0]}%`;
    range.style.width = `${100 * (interval[1] - interval[0])}%`;
    track.append(range);
  }
  return element("div", `class-bar ${kind}`, element("span", "", label), element("b", "", value), track);
}

class Figures {
  constructor(place) {
    this.place = place;
  }

  show(wall, words) {
    const { state, tallies, kind, question, compared, failed } = wall;
    const isAsked = kind === "question" && state !== "lobby";
    this.place.hidden = !tallies && !isAsked;
    if (this.place.hidden) return;
    if (!tallies) {
      this.place.replaceChildren(this.choices(question));
      return;
    }
    const parts = compared ? comparedParts(compared, wall.tiles, words)
      : kind === "question" ? this.votes(question, tallies, words) : this.accuracy(tallies, words);
    if (failed) parts.unshift(element("p", "class-failed", words.training_failed));
    this.place.replaceChildren(...parts);
  }

  accuracy({ right, of, interval, mnist, confusions, predicted_right: predicted, predicted_of: asked }, words) {
    if (!of) return [element("p", "", words.nothing_drawn)];
    const [low, high] = interval;
    const parts = [
      element("h3", "", words.how_many_right),
      bar("own", words.your_class, percent(right / of), right / of, interval),
      element("p", "class-note", fill(words.class_of, { right, of, low: percent(low), high: percent(high) })),
    ];
    if (mnist !== null) parts.push(bar("mnist", words.on_mnist, percent(mnist, 1), mnist));
    if (asked) parts.push(element("p", "class-predicted", fill(words.predicted, { right: predicted, of: asked })));
    if (confusions.length) parts.push(element("h3", "", words.confusions), this.confusions(confusions, words));
    return parts;
  }

  confusions(confusions, words) {
    return element("ol", "class-confusions", ...confusions.map(([asked, read, times]) =>
      element("li", "", fill(times === 1 ? words.confusion_once : words.confusion, { asked, read, times }))));
  }

  choices({ choices }) {
    return element("ol", "class-choices", ...choices.map((choice) => element("li", "", inWords(choice))));
  }

  votes({ choices, answer }, { votes }, words) {
    const all = votes.reduce((sum, count) => sum + count, 0);
    return [
      element("h3", "", fill(words.votes, { count: all })),
      ...choices.map((choice, at) => {
        const isRight = at === answer;
        const label = isRight ? fill(words.right_choice, { choice: inWords(choice) }) : inWords(choice);
        return bar(isRight ? "own" : "other", label, String(votes[at] ?? 0), all ? (votes[at] ?? 0) / all : 0);
      }),
    ];
  }
}
