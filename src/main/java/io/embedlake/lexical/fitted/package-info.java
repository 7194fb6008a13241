/** Platforms whose model is fitted on the column that they embed: bags of words and of characters, and word2vec. */
package io.embedlake.lexical.fitted;
