using System.Text.Json;

namespace Impetus.Engine.Tokenization.Models;

internal static class JsonId
{
    /// <summary>Reads a token id, if that is what the value is.</summary>
    public static bool TryGetId(this JsonElement element, out int id)
    {
        id = 0;
        return element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out id) && id is >= 0 and < Vocabulary.MaxId;
    }
}
