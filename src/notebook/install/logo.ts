// The logo in a front end's launcher: a Q around a pause sign, since a quiescent system is one that waits. The pictures are the drawing
// rendered at the two sizes Jupyter asks for; a test renders them again and compares.

export const logoSvg: string = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
  <rect width="64" height="64" rx="13" fill="#14304f"/>
  <circle cx="31" cy="31" r="19" fill="none" stroke="#f4f7fb" stroke-width="6"/>
  <path d="M44 44 L54 54" stroke="#f2a33a" stroke-width="7" stroke-linecap="round"/>
  <rect x="23.5" y="22" width="5.5" height="18" rx="1.6" fill="#f2a33a"/>
  <rect x="33" y="22" width="5.5" height="18" rx="1.6" fill="#f2a33a"/>
</svg>`;

/** PNG, 32 × 32, base64. */
export const logo32: string =
  "iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAYAAABzenr0AAADw0lEQVR4nMWXa2gUZxSG35E2qcZsIjVCwdJI04amULaliC2l2D+hYCFLoYkUir" +
  "GKtwSSH95Q8YaCtx8RjIp4SRC8BNQIihJ/eCGoeEcwoAYMKgpecJOoaJSM77vjbCa730xmwcQHJnPOzuQ773fOmW/ms+BhdDQ2EUANYE8EkM/j" +
  "QxK3YDXbQOOTa82n8J6kgIJobJcNuxJDAIU0PL7WPJUmbTKUwV1cEdaYaCzWC/sQf/sIWH9YBdGyq6xLlF4oIrk5KCkqxISfvqfncP7KDbS1d6" +
  "Cr+wW98DALjdboaBnjD4wC1k4rT5z9kJC6HU2Jc0jiAwrQjLetmR8YOBUJmLFwXaiMBAoo+bYQGxZX8TyOXh/3Hz5G2+07PDpQ8k0hj3EY+0UB" +
  "r/TRdusO5q6u57kDQfgK0Mz3bVreL3jLmQuYu6reODPdv20tM/VjX6YkYnL1cuP9Lr4C9tWvSKa96/kL1G1vws79R+kF83/FJNROL0dkZA49px" +
  "yTq5bRMmMUoMAS4LKybleo4C4SsbR2Ki0HCZAQE0YBCi4RQmmfsWAdLWBsXi+O/PcMkexezDqch5b2LJQW9WBrWSe6Xg/DX7tH4X7nMN7JMTZz" +
  "jPfl8I6RSpoA1fJ6SyMthx9KpyRrOOHLN9hTHqcFbDyXg41nR6Dm15eo+cW5/m9TPs7f+5RW8Dhe0gRo5sqAULf/9vdsWg6ZCBCtB7cknw6/Mq" +
  "QJUANpwRGpqctUgJ6K0t/H0/Lvo0ABWtXU/S6ZCggayyVQwEfJQP8eeMQemEPLIVMBrQc3swfG0MqgB4K6NxMBQeN4SRMgvM+wVEu90DpwlOtA" +
  "rmEd6OY6MMm7DjCLyqZILaUXowD9owZw8aufiUi2jf3TRqD4669g/bwAVlZuYgKaiAmjAOHNglKnLg4j4tic4SgefpcWyS/C5VGz8E/1WjpmfA" +
  "WohsqCXrcumoXfe17NtmFJFca/2gM8aOUvDjefZqFib4RLtUUvHV8BIvE9sKS6nwihp0Pv+eT3AO+TAGH3dMM+XQt0ttNzaHv0SaJBTSICBQhl" +
  "Qs+zW44wXLx8ESMvLULx5z30HPxEDCjARY2p16y7sJhQt6tPVCo1496KOL4reMsrDiYRFBCLM3F5tEOhjCTSzkO2+kGl0CHbi0nEifZszDwcoS" +
  "WsTn6Wxxq4KZlCb1BIFXHgxmeYdzyXFsM7n+XaD9onMYhIxPo/u2khEbyvBNyY8K+2ZoOaBROaPbdmlQkBYihFuMFBkgKEysEfKm0gxrKEbsxw" +
  "sOEAbc8bvNvzd0fZHb98kfEKAAAAAElFTkSuQmCC";

/** PNG, 64 × 64, base64. */
export const logo64: string =
  "iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAYAAACqaXHeAAAGsElEQVR4nO2bXWwUVRiGvwEMaKHWaI1ELlqjXLQRFqMGDKHthYSfC1aoWI2xoo" +
  "gRSLqNiJgofzFGsYZtIpgQFNFEERuyXFAMXnQhRIgYWTAQ/Ik0BoOxmNRCCcSf8X2nTLs7PTN7ZnaGtFufZHe+WTbMnOd85ztnprOG5KE8Fo9h" +
  "U2OKGceXy0wR7g9ZcI4ZnGO3IUZqtMje3zKpTvEA31dzWyxeK2KuE5FaGd6k0cwNFzIpbAejFIBe34weTyAsGpARya5MqhlhDjkCKmLxsl4xO8" +
  "whnuYFkB4vxiOdmVQ3Yot+ASOg8TbpC5m9ddhaGHhZIO2TSPsmhEUPhkMrhkMCIWJwreB1yIjCqGNhtASUxxYcN4s/9Z1YQ8FA6seQ+sfxwYhj" +
  "jBiVFJCEgCbsR8bsWQ/I9GnVUjW5EnsikyaW43U7IpFz53/HqwuRyOkfzsrR46fkwKFj2LseGM0Gxn8a479GQqZ+Xi0a/qBMv69aSieU4BN9ei" +
  "72ytFvKeJraWtPS3QYByFggYkoNNjgtU1P9/d2oTArNrZ+aAkJGwPL5tAEVE2uQMOXWAKigAI2tu6AkE4Jk1AEMNVbXl3hO9X9wqGxbM0mS0ZY" +
  "FCzgmcfmy9rEEkTXj1Wvb5G2fR2ICqcgAez1+vl1iLzpuWQXtWOo+H1Vn1vC2cCeFazZAkOodHz+TKIAiiiUwAJ0ep4NTb6/2zpZP1Bq4tnFkF" +
  "KOPXcowO//7SSQAI75bW+tRqSGPZ7cvls++Gwf9oKTWLrYEu2VEQ0r1lnZFRTfAljtd727wbXgsfE8qbCqtXW8LTieiwQWxoaVwY/nWwBPhuNU" +
  "xekfO63G86TChLJ53Kp7KkQFM4DHDYIvAWw4T0QFe37mwuWhN96GEg7v2eqaCRRAEX7xJaB959tIyUpEubDxPIGgaaiL13DginFe40uI/KEtgJ" +
  "WZ056KjckdyoI36eZ/5ZNHu7H9B3t9tB4pkdavbkI0QNNDl6VpRi+iPs79OVqe+LwM21HYy4WFkTOEiiCzgrYAVn1Wfyec6mYufAHRYJwNs7nr" +
  "nXK8D/Dzi114z0UlyubwnveUUyQvnpa9vAmRPtoCTh7YaY1DJ17WoxLglo2sP1NmNyLSR0sAe54Z4IRjf8rDjYjURCWAnPwSHaKoBaxFfoqhlg" +
  "Cu+LggcZIv5aIUwA5hxzjhypOLMF20BOzairkfd3SceKU/iVKA2zDgHaWG5esQ6VGQgHzpFqUAtzVJJAK4AOHVmhMufOyrOhVRCuCaoH1nC6Jc" +
  "/K4HtAR0HmnD+2AqZtTj3Z0oBZCg55XN/wJ0BLgtPIbkEMAF2bynViHSQ0vAiC+CbgJGzDQ44hdCPBAP6CTf2jtKAW7XJvmGpRMtAcRt7e01DK" +
  "IS4Jb++a5NVGgLYAYwE5xwFuBsoCIqAW4Ls3xDUoW2ADfrxG3c8YbIp4u75c5SfzdEfu0ZLY/vHmI3REj7Ry3KG5OsBYXcmdWBMp+cUSKNi+bK" +
  "uMo6MUom4tMB/M7/Nr4EuM29hBJmLormpmh99RXZNOciogGM+9eIUTFXbPwWPxtfAojbmoDwQqRh5fpQJbDnDy39A9FgbAl+5/5sfAvgEpRZoJ" +
  "oRCBsf5nB4Zc6N8lz1L4jUXLm3WerfOBz4eL4FEM4GnBXcoATeJWZxLAQWu+en/yVjz2zDnjurv5ggbafGIfJPIAGEK0OuEL3gFMnZwe9jLny8" +
  "htWeU53Ze17M/Q341JugEgILIC2vrbRONh/MCBYoztO8jd7T29ufshxSpSUlaGy5lVkstM4Vntm5X8xv3kTkTRAJBQkgOpkQBlFJKFgAYa+xJr" +
  "gVxrC4/H1Kxn23GZE3fiSEIoAwlZkJblNkoXCq45/gqm44M2hNoEJXQmgCbJgNFKFaMQaBKzw2nDXERrUwUqEjIXQBNrx28PPMTza8qmOD+UyR" +
  "29o+LAl8VDZjijkVcWSwunOIUAahEDtD2MNsMGGj7ZcOuhJmbb9VeWFliHECGRBPo8bWyDBFR4J7FliPysYTELAZe8OWfBI8BDQbd8TiFX+LeR" +
  "Z7wxo3CRevjpL5H9+iHALW4/LY8hcjaWRBjQxzVBI8ev/ghUyq1hZQCwEdUgTw8nn23VcR4RbZT2OVPU9QAKd1ZVIZSwDBbJDEbNCEsOhB41vR" +
  "eNQ+xlkgE9LIhBopavpSX66RI4C/HbwkkipeCcbB8SJx5Q8nsynG4ZCd9tkoBRAMh1oRWT/8swGLHZEEGp/BziDwb970rRMkjjCOL5chM6YiHr" +
  "Kgp0+YIt0IU2Pwyvfz+f8A8a/2JsBu9L8AAAAASUVORK5CYII=";
