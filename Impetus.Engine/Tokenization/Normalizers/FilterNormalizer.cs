using Impetus.Engine.Tokenization.Unicode;

namespace Impetus.Engine.Tokenization.Normalizers;

/// <summary>Drops the code points of a set.</summary>
internal sealed class FilterNormalizer(CodePointSet dropped) : CharacterNormalizer
{
    protected override string? Replace(int codePoint) => dropped.Contains(codePoint) ? "" : null;
}
