using System.Text;
using Impetus.Engine.Generation;
using Impetus.Retrieval.Answering;
using Impetus.Server.Management;

namespace Impetus.Server.Documents;

/// <summary>Asks the chat model of a request to split its question.</summary>
internal sealed class ModelSplitter(IChatModel model) : IQuestionSplitter
{
    private const string Instruction =
        "Split the user's question into the simpler questions that must be answered first, one a line, at most three. Write nothing else.";

    public async Task<(string Text, int Tokens)> SplitAsync(string question, int maxTokens, CancellationToken cancellationToken)
    {
        try
        {
            var prompt = model.Encode(model.Render([new("system", Instruction), new("user", question)]), addSpecialTokens: false);
            if (prompt.Count + maxTokens > model.Generator.ContextLength)
                return ("", 0);
            var request = new GenerationRequest { Prompt = prompt, MaxTokens = maxTokens, Sampling = new() { Temperature = 0 } };
            var text = new StringBuilder();
            int tokens = 0;
            await foreach (var step in model.Generator.GenerateAsync(request, cancellationToken))
            {
                if (step is TextDelta delta)
                    text.Append(delta.Text);
                if (step is RequestDone done)
                    tokens = done.Usage.CompletionTokens;
            }

            return (text.ToString(), tokens);
        }
        catch (Exception fault) when (fault is PromptException or GenerationException)
        {
            // Not worth refusing the question for: it is searched for as it is.
            return ("", 0);
        }
    }
}
