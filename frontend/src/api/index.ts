export { type ApiClient, type ClientOptions, createClient, csrfCookie, data } from "./client";
export { ApiError, UNREACHABLE } from "./errors";
export { pages } from "./paging";
export type { components, paths } from "./schema";
