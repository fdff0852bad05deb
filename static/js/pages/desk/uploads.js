// Pictures and files by paste, by drop and by button. Where they will be, the text says so while they are on their way.
const PICTURES = /^image\//;

function setUpUploads(desk) {
  const { facts, form, say } = desk;
  let number = 0;

  const replace = (field, placeholder, text) => {
    const place = field.value.indexOf(placeholder);
    if (place < 0) return -1;
    field.setRangeText(text, place, place + placeholder.length, "preserve");
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    return place;
  };

  const send = async (field, file, placeholder) => {
    const isPicture = PICTURES.test(file.type);
    const body = new FormData();
    body.set("csrf_token", form.elements.csrf_token.value);
    body.set("file", file, file.name || "picture.png");
    try {
      const answer = await fetch(isPicture ? facts.pictures : facts.attachments, {
        method: "POST",
        body,
        headers: { Accept: "application/json" },
      });
      const made = await answer.json();
      if (!answer.ok) throw new Error(made.error);
      askForAlt(field, replace(field, placeholder, made.markdown), made.markdown, isPicture);
      say.trouble(isPicture ? facts.words.altAsked : "");
    } catch (error) {
      replace(field, placeholder, "");
      const reason = error instanceof TypeError || error instanceof SyntaxError ? facts.words.noAnswer : error.message;
      say.trouble(facts.words.uploadFails.replace("{name}", file.name).replace("{reason}", reason));
    }
  };

  // The description is selected: whoever goes on typing writes it.
  const askForAlt = (field, place, markdown, isPicture) => {
    if (!isPicture || place < 0 || !markdown.startsWith("![")) return;
    const end = markdown.indexOf("](");
    field.focus();
    field.setSelectionRange(place + 2, place + end);
  };

  desk.upload = (field, files) => {
    for (const file of files) {
      number += 1;
      const words = facts.words.uploading.replace("{name}", (file.name || "").replace(/[\[\]]/g, ""));
      const placeholder = `![${words}](#${number})`;
      insertBlock(field, placeholder);
      send(field, file, placeholder);
    }
  };

  for (const field of desk.texts) {
    field.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      // A table that is copied from a spreadsheet comes as a picture, too; then the words are meant.
      if (!files.length || event.clipboardData.types.includes("text/plain")) return;
      event.preventDefault();
      desk.upload(field, files);
    });
    field.addEventListener("dragover", (event) => {
      if (event.dataTransfer?.types.includes("Files")) {
        event.preventDefault();
        field.dataset.dropping = "";
      }
    });
    field.addEventListener("dragleave", () => delete field.dataset.dropping);
    field.addEventListener("drop", (event) => {
      delete field.dataset.dropping;
      const files = [...(event.dataTransfer?.files ?? [])];
      if (!files.length) return;
      event.preventDefault();
      desk.upload(field, files);
    });
  }
}
