/** How access tokens are asked for, and what the answers mean. Sends nothing. */
package io.embedlake.remote.auth.token;
