/** Of the connections to the database, most are for events and work. */
export const MAX_REQUESTS_AT_A_TIME = 4;
/** One page of a list. */
export const MAX_PAGE = 1000;
export const USUAL_PAGE = 100;
