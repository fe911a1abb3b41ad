using Impetus.Engine.Tokenization.ChatTemplates.Syntax;

namespace Impetus.Engine.Tokenization.ChatTemplates.Scoping;

/// <summary>Finds the names of a scope in the order in which they are used, without entering scopes within.</summary>
internal sealed class SymbolVisitor(Symbols symbols)
{
    private Symbols _symbols = symbols;

    public void Visit(IEnumerable<Node> nodes)
    {
        foreach (Node node in nodes)
            Visit(node);
    }

    public void Visit(Node node)
    {
        switch (node)
        {
            case Name { Use: NameUse.Load } name:
                _symbols.Load(name.Text);
                break;
            case Name { Use: NameUse.Store } name:
                _symbols.Store(name.Text);
                break;
            case Name name:
                _symbols.Declare(name.Text);
                break;
            case NamespaceTarget target:
                _symbols.Load(target.Name);
                break;
            case If condition:
                VisitIf(condition);
                break;
            case Assign assign:
                Visit(assign.Value);
                Visit(assign.Target);
                break;
            case AssignBlock assign:
                Visit(assign.Target);
                break;
            case For loop:
                Visit(loop.Source);
                break;
            case Macro macro:
                _symbols.Store(macro.Name);
                break;
            case CallBlock block:
                Visit(block.Call);
                break;
            case FilterBlock block:
                Visit(block.Filter);
                break;
            case With with:
                Visit(with.Values);
                break;
            case TemplateImport import:
                Visit(import.Template);
                Visit(import.Assigned);
                break;
            case Block or AutoEscape or GenerationBlock:
                break;
            default:
                Visit(node.Children);
                break;
        }
    }

    /// <summary>A target whose names belong to the scope whatever is outside.</summary>
    public void Declare(Expression target)
    {
        foreach (Name name in target.SelfAndDescendants().OfType<Name>())
            _symbols.Declare(name.Text);
    }

    private void VisitIf(If condition)
    {
        Visit(condition.Test);
        Symbols before = _symbols;
        Symbols body = VisitBranch(condition.Body);
        Symbols alternatives = VisitBranch(condition.Alternatives);
        Symbols otherwise = VisitBranch(condition.Otherwise);
        before.Merge(body, alternatives, otherwise);

        Symbols VisitBranch(IEnumerable<Node> nodes)
        {
            _symbols = before.Branch();
            Visit(nodes);
            Symbols branch = _symbols;
            _symbols = before;
            return branch;
        }
    }
}
