// The time left of an attempt: silent, can be hidden, said aloud only when asked for.

let isHidden = false;
let ticking = 0;

function inWords(seconds) {
  const parts = [
    [Math.floor(seconds / 3600), "hour"],
    [Math.floor((seconds % 3600) / 60), "minute"],
    [seconds % 60, "second"],
  ];
  const said = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}${count === 1 ? "" : "s"}`);
  return said.length ? said.join(" ") : "no time";
}

function onClock(seconds) {
  const two = (number) => String(number).padStart(2, "0");
  return `${Math.floor(seconds / 3600)}:${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
}

function say(words) {
  const status = document.getElementById("status");
  if (!status) return;
  status.textContent = "";
  window.setTimeout(() => { status.textContent = words; }, 50);
}

function makeButton(id, words, press) {
  const button = document.createElement("button");
  button.type = "button";
  button.id = id;
  button.className = "button button-quiet";
  button.textContent = words;
  button.addEventListener("click", press);
  return button;
}

function countDown(region) {
  window.clearInterval(ticking);
  const end = performance.now() + Number(region.dataset.secondsLeft) * 1000;
  const left = () => Math.max(0, Math.round((end - performance.now()) / 1000));
  const line = document.createElement("p");
  line.className = "deadline-left";
  const timer = document.createElement("span");
  timer.setAttribute("role", "timer");
  timer.setAttribute("aria-live", "off");
  timer.setAttribute("aria-label", "Time left");
  timer.id = "time-left";
  line.append("Time left: ", timer);
  const hide = makeButton("hide-time", "", () => { isHidden = !isHidden; show(); });
  const announce = makeButton("announce-time", "Announce time left", () => say(`${inWords(left())} left.`));
  const actions = document.createElement("div");
  actions.className = "actions";
  actions.append(hide, announce);
  region.append(line, actions);

  function show() {
    line.hidden = isHidden;
    hide.textContent = isHidden ? "Show time left" : "Hide time left";
    timer.textContent = onClock(left());
  }

  function tick() {
    const seconds = left();
    timer.textContent = onClock(seconds);
    const form = document.getElementById("question-form");
    if (seconds === 5 && form && window.htmx) window.htmx.trigger(form, "change");
    if (seconds > 0) return;
    window.clearInterval(ticking);
    say("The time is up. What was saved is graded. Reload the page to see the result.");
  }

  show();
  ticking = window.setInterval(tick, 1000);
}

function findDeadline() {
  const region = document.getElementById("deadline");
  if (region && !document.getElementById("time-left")) countDown(region);
}

findDeadline();
document.addEventListener("htmx:oobAfterSwap", findDeadline);
