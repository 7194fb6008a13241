/** OpenAI's API, compatible servers, and similar APIs: a list of texts in, a list of numbered vectors out. */
package io.embedlake.remote.format.openai;
