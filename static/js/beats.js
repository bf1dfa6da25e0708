// Signs of presence for the time record. The browser sends no times: only that the page is in use.

const BEAT_MS = 15_000;
const FIRST_BEAT_MS = 2_000; // Somebody who only passes through sends none; the gap is bridged.
const UNUSED_MS = 5 * 60_000;
const ASK_MS = UNUSED_MS - 60_000;
const OWN_SCROLL_MS = 1000; // What the page changes by itself may move it: that is no use of it.
const SIGNS_OF_USE = ["input", "keydown", "pointerdown", "wheel", "scroll", "focusin", "selectionchange"];
const STOPPED = {
  401: "Recording has stopped: you are logged out. What was recorded is kept.",
  403: "Recording has stopped: this page may no longer record time. Reload it to go on.",
  404: "Recording has stopped: this page may no longer record time. Reload it to go on.",
  409: "Recording has stopped: this course is complete or has ended.",
};

class Recorder {
  constructor(section) {
    this.section = section;
    this.seq = 0;
    this.shownSeq = 0;
    this.hasBegun = false;
    this.usedAt = Date.now();
    this.changedAt = 0;
    this.paused = false;
    this.stopped = false;
    this.leftAlready = false;
    this.addControls();
    for (const name of SIGNS_OF_USE) {
      document.addEventListener(name, (event) => this.used(event), { capture: true, passive: true });
    }
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.beat();
      else this.stopIfHidden();
    });
    for (const name of ["pause", "ended"]) {
      document.addEventListener(name, () => this.stopIfHidden(), { capture: true });
    }
    addEventListener("pagehide", () => this.leave("final"));
    addEventListener("pageshow", (event) => event.persisted && this.beat());
    setInterval(() => this.beat(), BEAT_MS);
    setInterval(() => this.askKindly(), 1000);
    setTimeout(() => this.beat(), FIRST_BEAT_MS);
  }

  addControls() {
    const controls = document.createElement("div");
    controls.className = "recorded-controls";
    this.words = document.createElement("p");
    this.words.className = "recorded-words";
    this.words.tabIndex = -1;
    this.pauseButton = this.newButton("pause-recording", "Pause recording", () => this.togglePause());
    this.readingButton = this.newButton("still-reading", "I am still reading", () => this.stillReading());
    this.readingButton.hidden = true;
    controls.append(this.words, this.readingButton, this.pauseButton);
    this.section.append(controls);
  }

  newButton(id, text, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.id = id;
    button.className = "button button-secondary";
    button.textContent = text;
    button.addEventListener("click", act);
    return button;
  }

  // Reaching the question's button is not yet its answer: pressing it is. Nor is it use when the
  // page scrolls because words came or went above what is read.
  used(event) {
    if (event?.target === this.readingButton) return;
    if (event?.type === "scroll" && Date.now() - this.changedAt < OWN_SCROLL_MS) return;
    const wasAsleep = this.asleep();
    this.usedAt = Date.now();
    if (!this.readingButton.hidden) this.hideQuestion();
    if (wasAsleep) this.beat();
  }

  mediaPlays() {
    return [...document.querySelectorAll("video, audio")].some((media) => !media.paused && !media.ended);
  }

  asleep() {
    return Date.now() - this.usedAt >= UNUSED_MS && this.asks() && !this.mediaPlays();
  }

  asks() {
    return this.section.dataset.ask !== "off";
  }

  present() {
    if (this.paused || this.stopped || this.asleep()) return false;
    return document.visibilityState === "visible" || this.mediaPlays();
  }

  region() {
    return document.getElementById("recorded-time");
  }

  form(last) {
    const form = new URLSearchParams();
    form.set("token", this.region()?.dataset.token ?? this.section.dataset.token);
    form.set("seq", String(++this.seq));
    form.set("csrf_token", this.section.dataset.csrf);
    if (last) form.set(last, "1");
    return form;
  }

  async beat() {
    if (!this.present()) return;
    if (this.mediaPlays()) this.usedAt = Date.now(); // Listening is use, also just after it ends.
    this.leftAlready = false;
    this.hasBegun = true;
    try {
      const headers = { "X-CSRFToken": this.section.dataset.csrf, "HX-Request": "true" };
      const body = this.form();
      const seq = this.seq;
      const answer = await fetch(this.section.dataset.beatsUrl, { method: "POST", body, headers });
      await this.read(answer, seq);
    } catch {
      this.say("No connection: time is not being recorded. It goes on by itself when the connection is back.");
      this.offline = true;
    }
  }

  async read(answer, seq) {
    const status = answer.redirected || answer.headers.has("HX-Redirect") ? 401 : answer.status;
    if (STOPPED[status]) return this.stop(status);
    if (this.offline) this.say("");
    this.offline = false;
    if (status === 429) setTimeout(() => this.beat(), 1000);
    if (status !== 200) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("recorded-time");
    if (!fresh || seq < this.shownSeq) return; // A later sign's answer came first and tells more.
    this.shownSeq = seq;
    this.changedAt = Date.now();
    this.region()?.replaceWith(fresh);
  }

  // The last sign. "final": the page is left, and the next one takes over from it. "stops": it
  // is hidden or paused, and the time until it is used again earns nothing.
  leave(last) {
    if (this.leftAlready || this.paused || this.stopped || this.asleep() || !this.hasBegun) return;
    this.leftAlready = true;
    navigator.sendBeacon(this.section.dataset.beatsUrl, this.form(last));
  }

  stopIfHidden() {
    if (document.visibilityState !== "visible" && !this.mediaPlays()) this.leave("stops");
  }

  togglePause() {
    if (!this.paused) this.leave("stops");
    this.paused = !this.paused;
    this.pauseButton.textContent = this.paused ? "Go on recording" : "Pause recording";
    this.say(this.paused ? "Recording is paused." : "");
    if (!this.paused) this.beat();
  }

  askKindly() {
    if (this.paused || this.stopped || !this.asks() || this.mediaPlays()) return;
    const unused = Date.now() - this.usedAt;
    if (unused >= UNUSED_MS) this.ask("Recording is paused: the page was not used for 5 minutes.");
    else if (unused >= ASK_MS) this.ask("Are you still reading? In a minute recording will pause.");
  }

  ask(words) {
    this.readingButton.hidden = false;
    this.say(words);
  }

  hideQuestion() {
    this.readingButton.hidden = true;
    this.say("");
  }

  stillReading() {
    this.used();
    this.say("Thank you. Recording goes on.");
    this.words.focus();
  }

  stop(status) {
    this.stopped = true;
    this.hideQuestion();
    this.pauseButton.hidden = true;
    this.say(STOPPED[status]);
    if (status !== 401) return;
    const link = document.createElement("a");
    link.href = this.section.dataset.loginUrl;
    link.textContent = "Log in again";
    this.words.append(" ", link);
  }

  // Beside the controls to be read, in the page's status region to be announced.
  say(words) {
    const before = this.words.textContent;
    if (before === words) return;
    this.changedAt = Date.now();
    this.words.textContent = words;
    const status = document.getElementById("status");
    if (status && (words || status.textContent === before)) status.textContent = words;
  }
}

const recorded = document.querySelector("[data-beats-url]");
if (recorded?.dataset.beatsUrl) new Recorder(recorded);
