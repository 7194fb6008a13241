/** What stands between this machine and servers, the same for all HTTP clients. */
package io.embedlake.http;
