/** How calls are signed: keys in headers, Amazon's signatures, tokens that expire. Sends nothing. */
package io.embedlake.remote.auth;
