// The native player, with a choice of speed, a place to resume, and a record of what was played.

const MEDIA_SAVE_MS = 10_000;
const SPEEDS = [0.75, 1, 1.25, 1.5, 1.75, 2];

function playedRanges(media) {
  const played = media.played;
  return Array.from(
    { length: played.length },
    (_, i) => `${played.start(i).toFixed(1)}-${played.end(i).toFixed(1)}`,
  ).join(",");
}

function saveProgress(player, media, leaving = false) {
  const url = player.dataset.progressUrl;
  const ranges = playedRanges(media);
  const position = String(Math.floor(media.ended ? 0 : media.currentTime));
  const state = `${position} ${ranges}`;
  if (!url || !ranges || state === player.dataset.saved) return;
  const form = new FormData();
  form.set("position", position);
  form.set("ranges", ranges);
  form.set("token", document.getElementById("recorded-time")?.dataset.token ?? "");
  form.set("csrf_token", player.dataset.token);
  player.dataset.savedAt = String(Date.now());
  if (leaving) {
    if (navigator.sendBeacon(url, form)) player.dataset.saved = state;
    return;
  }
  const headers = { "X-CSRFToken": player.dataset.token, "HX-Request": "true" };
  fetch(url, { method: "POST", body: form, headers })
    .then((answer) => {
      if (answer.ok && !answer.redirected) player.dataset.saved = state;
    })
    .catch(() => {});
}

function addSpeed(player, media) {
  const fastest = SPEEDS.at(-1);
  media.addEventListener("ratechange", () => {
    if (media.playbackRate > fastest) media.playbackRate = fastest;
  });
  const label = document.createElement("label");
  const select = document.createElement("select");
  label.className = "player-speed";
  label.textContent = "Speed";
  select.className = "control";
  select.id = `${player.id}-speed`;
  for (const speed of SPEEDS) {
    select.add(new Option(speed === 1 ? "Normal" : `${speed} ×`, String(speed), speed === 1, speed === 1));
  }
  select.addEventListener("change", () => {
    media.playbackRate = Number(select.value);
  });
  label.append(select);
  player.querySelector(".player-bar").append(label);
}

function resume(player, media) {
  const position = Number(player.dataset.position);
  const note = player.querySelector(".player-resumed");
  if (!position || !note) return;
  const go = () => {
    if (Math.abs(media.currentTime - position) > 1) media.currentTime = position;
  };
  if (media.readyState >= 1) go();
  else media.addEventListener("loadedmetadata", go, { once: true });
  const again = document.createElement("button");
  again.type = "button";
  again.className = "button button-quiet";
  again.id = `${player.id}-restart`;
  again.textContent = "Start from the beginning";
  again.addEventListener("click", () => {
    media.currentTime = 0;
  });
  note.append(" ", again);
}

function startPlayer(player) {
  const media = player.querySelector("video, audio");
  addSpeed(player, media);
  resume(player, media);
  media.addEventListener("timeupdate", () => {
    const last = Number(player.dataset.savedAt ?? 0);
    if (!media.paused && Date.now() - last >= MEDIA_SAVE_MS) saveProgress(player, media);
  });
  media.addEventListener("pause", () => saveProgress(player, media));
  addEventListener("pagehide", () => saveProgress(player, media, true));
}

document.querySelectorAll("[data-player]").forEach(startPlayer);

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-seek]");
  const media = link && document.getElementById(`${link.dataset.playerId}-media`);
  if (!media || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  media.currentTime = Number(link.dataset.seek);
});
