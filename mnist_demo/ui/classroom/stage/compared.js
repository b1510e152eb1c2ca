// What a network has learned from the class: before, after and control, on the people held out and on MNIST's test.

// The figures, each with how many and with the interval in which the true share lies.
function comparedParts({ drawings, people, held_people: held, on_class: onClass, on_test: onTest }, tiles, words) {
  const flips = (kind) => tiles.filter((tile) => tile.flip === kind).length;
  return [
    element("h3", "", fill(words.on_class, { of: onClass.after.of, people: held })), ...scoreBars(onClass, 0, words),
    element("h3", "", words.on_mnist), ...scoreBars(onTest, 2, words),
    element("p", "class-predicted", fill(words.flips, { won: flips("won"), lost: flips("lost") })),
    element("p", "class-note", fill(words.learned_from, { drawings, people })),
  ];
}

function scoreBars(scores, digits, words) {
  const named = [["before", words.before], ["after", words.after], ["control", words.control]];
  return named.map(([name, label]) => {
    const { right, of, interval } = scores[name];
    const [share, low, high] = [right / of, ...interval].map((value) => percent(value, digits));
    const made = bar(name === "after" ? "own" : name, label, fill(words.score, { share, right: whole(right, words), of: whole(of, words) }), right / of, interval);
    made.dataset.score = name;
    made.append(element("small", "class-interval", fill(words.score_interval, { low, high })));
    return made;
  });
}

// The same wall twice, each drawing in the same place; those whose answer has changed come first.
function comparedWalls(tiles) {
  const ordered = [...tiles].sort((a, b) => !a.flip - !b.flip || a.seat - b.seat);
  const judged = (tile, read) => ({ ...tile, read, verdict: read === tile.asked ? "right" : "wrong" });
  return [ordered.map((tile) => judged(tile, tile.read)), ordered.map((tile) => judged(tile, tile.after))];
}
