/** Google's APIs: Gemini's with a key, and Vertex AI's. */
package io.embedlake.remote.format.google;
