/** Requests, responses and JSON as a fake provider sees them; how a response is sent, or fails to be. */
package io.embedlake.fake.http;
