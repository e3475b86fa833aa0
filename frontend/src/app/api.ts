/** The API as this page talks to it: by the session of who is logged in. */

import { createClient, csrfCookie } from "../api/index";

export const api = createClient({ csrfToken: csrfCookie });
