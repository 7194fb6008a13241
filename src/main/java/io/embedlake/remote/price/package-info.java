/** What providers charge for tokens, as far as it was found out. */
package io.embedlake.remote.price;
