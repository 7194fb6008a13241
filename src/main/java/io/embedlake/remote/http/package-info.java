/** Sends calls to providers: many at once, within the limit, each until its texts have vectors or a reason why not. */
package io.embedlake.remote.http;
