/** The platform {@code word-vectors}: files of word embeddings, mapped and indexed, and the means of their vectors. */
package io.embedlake.lexical.words;
