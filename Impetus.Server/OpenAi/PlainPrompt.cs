using System.Text.Json;
using Impetus.Server.Http;
using Impetus.Server.Management;

namespace Impetus.Server.OpenAi;

/// <summary>A prompt as it was sent: text, or token ids.</summary>
internal sealed record PlainPrompt(string? Text, IReadOnlyList<int> Ids)
{
    /// <summary>All prompts of a request, of which there are one to <see cref="CommonFields.MaxChoices"/>.</summary>
    /// <exception cref="ApiException">The value is neither texts nor token ids.</exception>
    public static IReadOnlyList<PlainPrompt> Read(RequestValue value)
    {
        if (value.Kind == JsonValueKind.String)
            return [OfText(value)];
        if (value.Kind == JsonValueKind.Array && value.Element.GetArrayLength() > 0 && value.Element[0].ValueKind == JsonValueKind.Number)
            return [OfIds(value)];
        if (value.Kind != JsonValueKind.Array)
            throw value.Expected("a string, or an array of strings or token ids");
        return [.. value.Items(CommonFields.MaxChoices, "prompts").Select(item => item.Kind switch
        {
            JsonValueKind.String => OfText(item),
            JsonValueKind.Array => OfIds(item),
            _ => throw item.Expected("a string or an array of token ids"),
        })];
    }

    /// <summary>The prompt's tokens for a model.</summary>
    /// <exception cref="ApiException">An id is not in the model's vocabulary.</exception>
    public IReadOnlyList<int> Encode(IChatModel model)
    {
        if (Text is not null)
            return model.Encode(Text, addSpecialTokens: true);
        foreach (int id in Ids)
        {
            if (id >= model.Generator.VocabularySize)
                throw ApiException.Invalid(
                    "prompt", $"prompt has the token {id}; this model's token ids are from 0 to {model.Generator.VocabularySize - 1}.");
        }

        return Ids;
    }

    private static PlainPrompt OfText(RequestValue value) => new(value.Text(), []);

    private static PlainPrompt OfIds(RequestValue value)
    {
        var ids = new List<int>(value.Element.GetArrayLength());
        foreach (var item in value.Element.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt32(out int id) || id < 0)
                throw new RequestValue(item, $"{value.Path}[{ids.Count}]", value.Ignored).Expected("a token id");
            ids.Add(id);
        }

        return new(null, ids);
    }
}
