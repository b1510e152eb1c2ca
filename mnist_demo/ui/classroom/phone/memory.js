// What the phone keeps of a class. Each tab keeps its own token and the drawing that is being made; one that is opened
// anew goes on from what the last one has kept. What still has to be sent is everybody's, each thing under a key of its
// own: no tab writes over what another has left there.

var WAITING = "/waiting/";
var COUNTED_MILLISECONDS = 100;
var MAX_SEQUENCE = 1e9;

function Memory(code) {
  this.key = "mnist-demo-class-" + code;
  this.unkept = []; // waits as long as the page, where the browser keeps nothing
  var own = recall("sessionStorage", this.key);
  this.kept = own || recall("localStorage", this.key) || {};
  if (!own && this.kept.work) this.kept.work.unsent = false; // it is another tab's to send
}

// Null where a browser keeps nothing, or something that is not ours.
function recall(storage, key) {
  try {
    return JSON.parse(window[storage].getItem(key));
  } catch (error) {
    return null;
  }
}

// Tells whether it is kept: not in a browser that keeps nothing, or has no room.
function record(storage, key, value) {
  try {
    window[storage].setItem(key, JSON.stringify(value));
    return true;
  } catch (error) {
    return false;
  }
}

function keysBelow(storage, start) {
  var found = [];
  try {
    for (var i = 0; i < window[storage].length; i++) {
      var key = window[storage].key(i);
      if (key.indexOf(start) === 0) found.push(key);
    }
  } catch (error) { /* a browser that keeps nothing */ }
  return found;
}

function drop(storage, keys) {
  keys.forEach(function (key) { window[storage].removeItem(key); });
}

Memory.prototype.keep = function (changes) {
  for (var name in changes) this.kept[name] = changes[name];
  record("sessionStorage", this.key, this.kept);
  record("localStorage", this.key, this.kept);
};

// A token that the class does not know any more; the phone may have got another one in another tab.
Memory.prototype.dropToken = function () {
  var last = recall("localStorage", this.key) || {};
  this.keep({ token: last.token === this.kept.token ? "" : last.token });
};

// Grows, in whichever tab: what comes later counts. From the clock, so that a phone that has forgotten goes on, too.
Memory.prototype.nextSequence = function () {
  var last = recall("localStorage", this.key) || {};
  var clock = Math.floor(Date.now() / COUNTED_MILLISECONDS) % MAX_SEQUENCE;
  return Math.max((this.kept.sequence || 0) + 1, (last.sequence || 0) + 1, clock);
};

// What waits, the oldest first.
Memory.prototype.waiting = function () {
  var kept = keysBelow("localStorage", this.key + WAITING).map(function (key) { return recall("localStorage", key); });
  return kept.filter(Boolean).concat(this.unkept).sort(function (a, b) { return a.body.sequence - b.body.sequence; });
};

Memory.prototype.wait = function (item) {
  if (!record("localStorage", this.key + WAITING + item.body.sequence, item)) this.unkept.push(item);
};

Memory.prototype.done = function (item) {
  var sequence = item.body.sequence;
  this.unkept = this.unkept.filter(function (other) { return other.body.sequence !== sequence; });
  var key = this.key + WAITING + sequence;
  drop("localStorage", keysBelow("localStorage", key).filter(function (found) { return found === key; }));
};

Memory.prototype.forget = function () {
  this.kept = {};
  this.unkept = [];
  var start = this.key;
  ["localStorage", "sessionStorage"].forEach(function (storage) {
    drop(storage, keysBelow(storage, start).filter(function (key) {
      return key === start || key.indexOf(start + "/") === 0;
    }));
  });
};
