// A form that came back with errors: the cursor goes to the first of them.
const failed = document.querySelector("form[data-first-invalid]");

if (failed) {
  const found = document.getElementById(failed.dataset.firstInvalid);
  const control = found?.matches("input, select, textarea") ? found : found?.querySelector("input, select, textarea");
  control?.focus();
}
