using System.Numerics;

namespace Impetus.Engine.Tokenization.ChatTemplates.Values;

/// <summary>Subscripts of sequences.</summary>
internal static class Indices
{
    /// <summary>The position that an integer key means, negative ones from the end; null if it is none or out of range.</summary>
    public static int? Resolve(TemplateValue key, int length)
    {
        if (key is not NumberValue { Integer: { } index })
            return null;

        BigInteger position = index.Sign < 0 ? index + length : index;
        return position.Sign >= 0 && position < length ? (int)position : null;
    }
}
