// The camera of a coach's device reads one personal code after the other, where the browser can read codes by itself.
const scan = document.querySelector("[data-scan]");

if (scan && "BarcodeDetector" in window && navigator.mediaDevices) {
  const { url, lost, denied } = JSON.parse(scan.dataset.scan);
  const video = scan.querySelector("video");
  const said = scan.querySelector(".scan-said");
  const start = scan.querySelector("[data-start]");
  const token = document.querySelector("main [name=csrf_token]").value;
  const REST = 400;
  let before = "";

  const tell = async (code) => {
    try {
      const response = await fetch(url, {
        method: "POST",
        redirect: "manual",
        headers: { Accept: "application/json", "X-CSRFToken": token },
        body: new URLSearchParams({ code }),
        signal: AbortSignal.timeout(8000),
      });
      const answer = await response.json();
      said.textContent = answer.words ?? answer.error;
    } catch {
      said.textContent = lost;
      before = "";
    }
  };

  const look = async (detector) => {
    const found = await detector.detect(video).catch(() => []);
    const code = found.map((each) => each.rawValue.match(/\/person\/([A-Z2-7]+)$/)?.[1]).find(Boolean);
    if (code && code !== before) {
      before = code;
      await tell(code);
    }
    setTimeout(look, REST, detector);
  };

  scan.hidden = false;
  start.addEventListener("click", async () => {
    try {
      video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      video.hidden = false;
      start.hidden = true;
      // Until there is a picture, there is nothing to find in it.
      video.play().catch(() => {});
      look(new BarcodeDetector({ formats: ["qr_code"] }));
    } catch {
      said.textContent = denied;
    }
  });
}
