/** Requests for access tokens, and the meaning of the answers. Sends nothing. */
package io.embedlake.remote.auth.token;
