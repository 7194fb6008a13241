/** One class for each family of networks: its config, its parameters' names and its layers, over the blocks of {@code network}. */
package io.embedlake.local.family;
