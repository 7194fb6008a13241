/** OpenAI's API, those who speak it, and those whose API is like it: a list of texts there, a list of numbered vectors back. */
package io.embedlake.remote.format.openai;
