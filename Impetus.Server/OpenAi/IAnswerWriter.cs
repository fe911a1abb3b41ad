using Impetus.Engine.Generation;
using Impetus.Server.Http;

namespace Impetus.Server.OpenAi;

/// <summary>Writes the parts of an answer in the shape of one route.</summary>
internal interface IAnswerWriter
{
    /// <summary>Before the first part.</summary>
    void Open(EventStream output);

    /// <summary>More text, or more tokens whose text is held back.</summary>
    void Part(EventStream output, TextDelta delta);

    /// <summary>The end of a choice.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="done">Which choice, and why.</param>
    /// <param name="timings">Given with the last of the choices, unless <see cref="Total"/> follows.</param>
    void End(EventStream output, ChoiceDone done, Timings? timings);

    /// <summary>After the last choice, if the usage was asked for.</summary>
    void Total(EventStream output, RequestDone done);
}
