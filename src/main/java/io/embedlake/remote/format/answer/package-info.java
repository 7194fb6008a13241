/** What APIs answer: records that Jackson reads, with the vectors of a call's texts in order. */
package io.embedlake.remote.format.answer;
